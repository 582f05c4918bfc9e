// The page of the escalation chains: seen by the desk, edited by who may write rules.
import { ApiError, get } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { loadMessages } from "../core/i18n.js";
import { addForm, ChainForm } from "../escalation/chain_form.js";

await loadMessages();
const list = document.getElementById("chains");

async function load() {
  try {
    const { chains } = await get("/chains");
    fill(list, chains.map((chain) => new ChainForm(chain, { changed: load }).node), addForm(chains, (chain) => {
      const form = new ChainForm(chain, { changed: load });
      list.lastElementChild.before(form.node);
      form.node.querySelector("select, input")?.focus();
    }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    fill(list, el("p.form-error", { role: "alert" }, error.message));
  }
  document.body.dataset.ready = "true";
}

await load();
