/** The face of `get_profile`: the account that is signed in. */
import { Frame, renderWidget, text, texts, type Words } from "mcp-app/ui";

const words: Words = {
  loading: "Looking up your account…",
  cancelled: "Your account was not looked up",
  failed: "Your account could not be looked up",
  empty: { title: "No account", text: "The server did not say who is signed in." },
  late: {
    title: "Your account has not arrived",
    message: "Please show my profile again.",
    hint: "Ask in the chat for your profile.",
  },
  signIn: {
    title: "Sign in to see your profile",
    text: "Your profile is yours alone.",
    message: "Please sign me in and show my profile.",
    hint: "Ask in the chat for your profile; it will offer to sign you in.",
  },
};

function Profile() {
  return (
    <Frame words={words} skeleton={<p class="card">…</p>}>
      {(data) =>
        text(data.subject) && (
          <section class="card">
            <h1>{text(data.subject)}</h1>
            <p class="summary">May {texts(data.scopes).join(", ") || "do nothing yet"}</p>
          </section>
        )}
    </Frame>
  );
}

renderWidget("profile", Profile);
