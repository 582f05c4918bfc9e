// Administration of roles: the table of what each permits, changed by ticks and saved together.
import { formDialog } from "../administration/form_dialog.js";
import { foldSubjects } from "../administration/subjects_fold.js";
import { ApiError, call, get, patch, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _, loadMessages, ngettext } from "../core/i18n.js";
import { roleName } from "../people/role_names.js";
import { noteToast, refusalToast } from "../widgets/toasts.js";
import "../widgets/whole_words.js";
import { dutiesSection } from "./duties.js";
import { roleMatrix } from "./role_matrix.js";

const main = document.getElementById("subject");
const heading = main.querySelector("h1").textContent;
const names = () => [
  { name: "name_en", label: _("English name"), required: true, maxlength: 100, blank: "" },
  { name: "name_zh", label: _("Chinese name"), required: true, maxlength: 100, blank: "" },
];

class RolesPage {
  constructor() {
    this.changes = {};
    window.addEventListener("beforeunload", (event) => Object.keys(this.changes).length && event.preventDefault());
  }

  async load() {
    const [{ roles }, { subjects }, duties] = await Promise.all([get("/roles"), get("/permissions"), get("/duties")]);
    this.roles = roles;
    this.changes = {};
    this.words = el("strong", { role: "status" });
    this.bar = el("div.bulk", { hidden: true }, this.words,
      el("button.primary.small", { type: "button", onclick: () => this.save() }, _("Save")),
      el("button.secondary.small", { type: "button", onclick: () => this.load() }, _("Discard")));
    const add = boot.may_edit ? el("button.primary", { type: "button", data: { key: "new" }, onclick: () => this.add() }, _("New role")) : null;
    fill(main, el("h1", {}, heading),
      el("p.told", {}, _("A change holds at once, also for whoever is signed in. Nobody gives or takes what they may not do themselves, and somebody who can manage accounts and roles always stays.")),
      el("div.list-tools", {}, el("div"), el("div.list-acts", {}, add)), this.bar,
      roleMatrix({ roles, subjects, changed: (changes) => this.changed(changes), act: (role) => this.edit(role) }),
      dutiesSection({ duties, roles, mayEdit: boot.may_edit }));
    document.body.dataset.ready = "true";
  }

  changed(changes) {
    this.changes = changes;
    const n = Object.keys(changes).length;
    this.bar.hidden = n === 0;
    text(this.words, ngettext("One role is changed, not saved yet", "%(n)s roles are changed, not saved yet", n));
  }

  /** One role after the other; what was stored stays when a later one is refused. */
  async save() {
    for (const [code, permissions] of Object.entries(this.changes)) {
      try {
        await patch(`/roles/${code}`, { permissions });
        delete this.changes[code];
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const role = this.roles.find((each) => each.code === code);
        refusalToast(`${roleName(role)}: ${error.whole}`);
        return;
      }
    }
    noteToast(_("Saved."));
    await this.load();
  }

  add() {
    const like = { name: "like", label: _("Begin with what another permits"), type: "select", options: this.roles.map((role) => [role.code, roleName(role)]), any: _("nothing") };
    return formDialog({ title: _("New role"), fields: [...names(), like], send: async ({ like: code, ...values }) => {
      const permissions = this.roles.find((role) => role.code === code)?.permissions ?? [];
      await post("/roles", { ...values, permissions });
      return () => this.load();
    } });
  }

  edit(role) {
    const remove = role.shipped ? null : el("button.secondary.small", { type: "button", onclick: () => this.remove(role) }, _("Remove this role"));
    return formDialog({ title: roleName(role), fields: names(), record: role, extra: remove, send: async (values) => {
      await patch(`/roles/${role.code}`, values);
      return () => this.load();
    } });
  }

  async remove(role) {
    try {
      await call("DELETE", `/roles/${role.code}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusalToast(error.whole);
      return;
    }
    document.querySelector("dialog[open]")?.close();
    await this.load();
  }
}

foldSubjects();
await loadMessages();
await new RolesPage().load();
