import "@fontsource-variable/golos-text";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/sign_in.css";
import "./styles/desk.css";
import "./styles/ringing.css";
import "./styles/call.css";
import "./styles/call_notes.css";
import "./styles/case_form.css";
import "./styles/operations.css";
import "./styles/money.css";
import "./styles/narrow.css";
import "./styles/forced_colours.css";
import { render } from "preact";
import { App } from "./app";

const place = document.getElementById("app");
if (place === null) throw new Error("index.html has no #app");
render(<App path={location.pathname} />, place);
