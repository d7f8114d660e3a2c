// simple-hl7's own TCP server, storing what it reads before it answers.
import hl7 from 'simple-hl7';
import { announce, keep, port } from './store.mjs';

const server = hl7.Server.createTcpServer({}, (error, req, res) => {
  if (error) {
    console.error(String(error));
    return;
  }
  const header = req.msg.header;
  // PID-3 repeats: getComponent answers "" for a repeated field, so the MRN is cut by hand.
  const mrn = req.msg.getSegment('PID').getField(3).toString().split(/[~^]/)[0];
  keep(`${req.type}^${req.event}`, header.getField(8).toString(), mrn, req.raw, () => res.end());
});
server.start(port, 'utf-8');
server.server.on('listening', announce);
