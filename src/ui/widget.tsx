import { type ComponentType, createContext, render } from "preact";
import { useContext } from "preact/hooks";
import { connect } from "./connect.ts";
import { FIRST_VIEW, type View } from "./view.ts";

const ViewContext = createContext<View>(FIRST_VIEW);

/** What the widget is drawn from; a component that uses it is drawn again after every change. */
export function useView(): View {
  return useContext(ViewContext);
}

/** Connects a widget to its host and keeps it drawn in the page's `#root`. The last line of a `widgets/<name>.tsx`. */
export function renderWidget(name: string, Widget: ComponentType): void {
  const root = document.getElementById("root") ?? document.body;
  connect(name, (view) => {
    render(
      <ViewContext.Provider value={view}>
        <Widget />
      </ViewContext.Provider>,
      root,
    );
  });
}
