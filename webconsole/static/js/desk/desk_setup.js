// Sets up keys, alarms, notifications and the top bar together.
import { addConsoleCommands } from "../command_line/console_commands.js";
import { addDeskCommands } from "../command_line/queue_commands.js";
import { tellKeys } from "../keys/key_labels.js";
import { listenToKeys } from "../keys/keyboard.js";
import { leavingPanel } from "../handovers/leaving_panel.js";
import { alarmsPanel } from "../notifications/alarm_panel.js";
import { watchAlarms } from "../notifications/alarms.js";
import { makeNews } from "../notifications/notifications.js";
import "../safety/ask_all_crews.js";
import { safetyPanel } from "../safety/safety_panel.js";
import "../sending/interrupting.js";
import "../sending/override_chips.js";
import { gapNotice } from "../shifts/gap_notice.js";
import { watchRota } from "../shifts/rota_now.js";
import { silencePanel } from "../silence/silence_panel.js";
import { awaitTouch } from "../sounds/speaker.js";
import { firstDayPanel } from "./first_day.js";
import { fillBar } from "./top_bar.js";

/** `centre()` is where the map is looked at. Called before data comes, so that no alarm is missed. */
export function setUpDesk({ centre }) {
  addDeskCommands({ centre });
  addConsoleCommands();
  makeNews();
  alarmsPanel(document.getElementById("alarms"));
  safetyPanel(document.getElementById("alarms"));
  silencePanel(document.getElementById("alarms"));
  leavingPanel(document.getElementById("alarms"));
  gapNotice(document.getElementById("alarms"));
  watchRota();
  watchAlarms();
  awaitTouch();
  fillBar();
  firstDayPanel(document.getElementById("first-day"));
  listenToKeys();
  tellKeys();
}
