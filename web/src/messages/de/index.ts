import analytics from "./analytics.json";
import auth from "./auth.json";
import documents from "./documents.json";
import faults from "./faults.json";
import flashcards from "./flashcards.json";
import landing from "./landing.json";
import offline from "./offline.json";
import settings from "./settings.json";
import shell from "./shell.json";
import study from "./study.json";
import tasks from "./tasks.json";
import today from "./today.json";
import tutor from "./tutor.json";
import ui from "./ui.json";

export const de = { analytics, auth, documents, faults, flashcards, landing, offline, settings, shell, study, tasks, today, tutor, ui };
