// What roles are called, and the options of a form that come from elsewhere: units, crews, gateways.
import { ApiError, get } from "../core/api.js";
import { isChinese } from "../core/i18n.js";

export const roleName = (role) => (isChinese() ? role.name_zh : role.name_en);

const asked = new Map();

/** Ask once; what this account may not see, or is not there, is an empty list. */
function known(path, name) {
  if (!asked.has(path)) {
    asked.set(path, get(path).then((answer) => answer[name], (error) => {
      if (!(error instanceof ApiError)) throw error;
      return [];
    }));
  }
  return asked.get(path);
}

export const roles = () => known("/roles", "roles");
export const units = async () => (await known("/units", "units")).filter(({ own }) => own !== false);
export const permissionSubjects = () => known("/permissions", "subjects");

const byName = (rows) => rows.map(({ id, name }) => [id, name]);
export const roleOptions = async () => (await roles()).map((role) => [role.code, roleName(role)]);
export const unitOptions = async () => byName(await units());
export const crewOptions = async () => byName(await known("/crews", "crews"));
export const gatewayOptions = async () => byName(await known("/gateways", "gateways"));
export const permissionOptions = async () => (await permissionSubjects()).flatMap(({ permissions }) => permissions.map(({ permission, sentence }) => [permission, sentence]));
