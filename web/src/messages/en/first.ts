import auth from "./auth.json";
import faults from "./faults.json";
import landing from "./landing.json";
import shell from "./shell.json";
import ui from "./ui.json";

/** What a page needs before anybody is inside. */
export const first = { auth, faults, landing, shell, ui };
