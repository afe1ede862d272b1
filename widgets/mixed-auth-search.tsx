import { render } from "preact";
render(<p>Looking for pizza…</p>, document.getElementById("root")!);
