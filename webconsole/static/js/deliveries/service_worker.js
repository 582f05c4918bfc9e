// The service worker that took pushes before the crew's page had one of its own
// (`kept/crew_worker.js`). Phones that registered it keep it until that one has taken over their
// subscription; it answers no requests of pages.
import { takePushes } from "./pushes.js";

self.addEventListener("install", () => self.skipWaiting());
takePushes();
