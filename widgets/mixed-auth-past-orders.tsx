import { render } from "preact";
render(<p>Looking for your orders…</p>, document.getElementById("root")!);
