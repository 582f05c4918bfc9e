// Adding a tracker to a crew, and the link and QR code that set its phone up: shown once.
import { ApiError, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { copyButton } from "../widgets/copy_button.js";
import { showDialog } from "../widgets/dialog.js";
import { field, showErrors } from "../widgets/form_fields.js";

const DATUMS = [["wgs84", "WGS 84"], ["gcj02", "GCJ-02"], ["bd09", "BD-09"]];
const UNITS = () => [["", _("as the program sends it")], ["knots", _("knots")], ["mps", _("metres per second")], ["kmh", _("kilometres per hour")]];
const options = (pairs, chosen) => pairs.map(([value, words]) => el("option", { value, selected: value === chosen }, words));

/** `added()` once there is one more. */
export function addTracker({ crewId, added }) {
  const crew = el("select", { id: "tracker-crew_id", required: true }, options(boot.crews.map(({ id, name }) => [String(id), name]), String(crewId ?? "")));
  const name = el("input", { id: "tracker-name", type: "text", value: _("Phone"), maxlength: "100", required: true, autocomplete: "off" });
  const protocol = el("select", { id: "tracker-protocol" }, options(Object.entries(boot.protocols), "osmand"));
  const datum = el("select", { id: "tracker-datum" }, options(DATUMS, "wgs84"));
  const unit = el("select", { id: "tracker-speed_unit" }, options(UNITS(), ""));
  const below = el("p.field-error", { role: "alert" });

  async function save(event) {
    event.preventDefault();
    const wanted = { crew_id: Number(crew.value), name: name.value, protocol: protocol.value, datum: datum.value };
    if (unit.value) wanted.speed_unit = unit.value;
    try {
      const issued = await post("/trackers", wanted);
      showLink(issued);
      added();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      showErrors(form, below, error.fields ?? {}, error.whole ?? error.message);
    }
  }
  const form = el("form.tracker-form", { onsubmit: save },
    field(crew, _("Crew")), field(name, _("Name")), field(protocol, _("Program on the phone")),
    el("details", {}, el("summary", {}, _("More")), field(datum, _("Datum of its positions")), field(unit, _("Unit of its speeds"))),
    below, el("div.form-actions", {}, el("button.primary", { type: "submit" }, _("Add the tracker"))));
  showDialog("tracker-dialog", { title: _("Add a tracker"), body: form });
}

/** What sets the phone up; the secret in it is told this once. */
export function showLink({ tracker, link, qr, login, secret }) {
  const signIn = login ? [el("dt", {}, _("User name")), el("dd", {}, login), el("dt", {}, _("Password")), el("dd", {}, secret)] : [el("dt", {}, _("Device identifier")), el("dd", {}, secret)];
  const how = tracker.protocol === "osmand"
    ? _("In Traccar Client: scan this code, or open the link on the phone.")
    : _("With OwnTracks installed: scan this code with the phone's camera, or open the link on the phone.");
  const body = el("div.tracker-link", {},
    el("p", {}, how),
    el("img.qr", { src: qr, alt: _("QR code that sets the phone up"), width: "260", height: "260" }),
    el("p.link-line", {}, el("a.setup-link", { href: link }, link), copyButton(_("Copy the link"), () => link)),
    el("dl", {}, signIn),
    el("p.why", {}, _("This is shown once. Who has it can report as this crew; if it is lost, make a new link.")));
  showDialog("tracker-dialog", { title: `${tracker.crew_name}: ${tracker.name}`, body });
}
