import auth from "./auth.json";
import documents from "./documents.json";
import faults from "./faults.json";
import flashcards from "./flashcards.json";
import landing from "./landing.json";
import shell from "./shell.json";
import tasks from "./tasks.json";
import tutor from "./tutor.json";
import ui from "./ui.json";

export const en = { auth, documents, faults, flashcards, landing, shell, tasks, tutor, ui };
