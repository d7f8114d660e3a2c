// What every Node peer stores, and how durably: SQLite (better-sqlite3), WAL, synchronous FULL.
// One row per message, committed before its answer: one commit each, or one for all that wait.
import Database from 'better-sqlite3';
import { parseArgs } from 'node:util';
import path from 'node:path';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string' },
    commit: { type: 'string', default: 'each' },
  },
});
export const port = Number(values.port);

const database = new Database(path.join(values.data, 'peer.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec(
  'CREATE TABLE message (position INTEGER PRIMARY KEY, kind TEXT NOT NULL, ' +
    'control_id TEXT NOT NULL, mrn TEXT NOT NULL, bytes BLOB NOT NULL)',
);
const insert = database.prepare(
  'INSERT INTO message (kind, control_id, mrn, bytes) VALUES (?, ?, ?, ?)',
);
const insertAll = database.transaction((rows) => {
  for (const row of rows) insert.run(...row);
});

let waiting = [];

function commitWaiting() {
  const batch = waiting;
  waiting = [];
  insertAll(batch.map((item) => item.row));
  for (const item of batch) item.answer();
}

// Calls `answer` once the message is on disk.
export function keep(kind, controlId, mrn, text, answer) {
  const row = [kind, controlId, mrn, Buffer.from(text, 'utf8')];
  if (values.commit === 'each') {
    insert.run(...row);
    answer();
    return;
  }
  if (waiting.length === 0) setImmediate(commitWaiting);
  waiting.push({ row, answer });
}

export function announce() {
  console.log(JSON.stringify({ mllp: `127.0.0.1:${port}` }));
}
