import analytics from "./analytics.json";
import documents from "./documents.json";
import flashcards from "./flashcards.json";
import { first } from "./first";
import offline from "./offline.json";
import settings from "./settings.json";
import sharing from "./sharing.json";
import study from "./study.json";
import tasks from "./tasks.json";
import today from "./today.json";
import tutor from "./tutor.json";

export const en = { ...first, analytics, documents, flashcards, offline, settings, sharing, study, tasks, today, tutor };
