// Rows of a proposal as the desk changes them: another crew for an incident, or nobody. Pure.

/** Rows to change, from the answer of the API; nobody is chosen where nobody is proposed. */
export const asProposed = (proposal) =>
  proposal.rows.map((row) => ({ ...row, crews: row.crew ? [row.crew, ...row.others] : row.others, chosenId: row.crew?.crew_id ?? null, fate: null }));

/** The crew that goes to a row's incident, or null. */
export const crewOf = (row) => row.crews.find(({ crew_id }) => crew_id === row.chosenId) ?? null;

const holds = (row, crewId) => row.crews.some(({ crew_id }) => crew_id === crewId);

/**
 * The rows with another crew, or null, in one of them. Whoever had that crew gets the one that is
 * left over, if it can go there: two rows trade. What was sent stays.
 */
export function withCrew(rows, number, crewId) {
  const own = rows.find(({ row }) => row === number);
  const other = crewId === null ? null : rows.find((row) => row !== own && !row.fate?.sent && row.chosenId === crewId);
  const left = own.chosenId !== null && other && holds(other, own.chosenId) ? own.chosenId : null;
  return rows.map((row) => {
    if (row === own) return { ...row, chosenId: crewId, fate: null };
    return row === other ? { ...row, chosenId: left, fate: null } : row;
  });
}

/** What is to be sent: one crew each. */
export const rowsToSend = (rows) =>
  rows.filter((row) => row.chosenId !== null && !row.fate?.sent).map((row) => ({
    incident_id: row.incident_id, crew_id: row.chosenId, expected_version: row.incident_version, ...(row.task ? { task: row.task.code } : {}),
  }));

const about = ({ incident_id, crew_id }) => `${incident_id} ${crew_id}`;

/** The rows with what became of those that were sent. */
export function withFates(rows, { sent, stale }) {
  const orders = new Set(sent.map(about));
  const refusals = new Map(stale.map((each) => [about(each), each]));
  return rows.map((row) => {
    const mine = about({ incident_id: row.incident_id, crew_id: row.chosenId });
    if (orders.has(mine)) return { ...row, fate: { sent: true } };
    const refusal = refusals.get(mine);
    return refusal ? { ...row, fate: { sent: false, code: refusal.code, detail: refusal.detail } } : row;
  });
}
