// @medplum/hl7's own server, storing what it reads before it answers.
import { Hl7Server } from '@medplum/hl7';
import { announce, keep, port } from './store.mjs';

const server = new Hl7Server((connection) => {
  connection.addEventListener('message', ({ message }) => {
    const header = message.header;
    const kind = `${header.getComponent(9, 1)}^${header.getComponent(9, 2)}`;
    const controlId = header.getComponent(10, 1);
    const mrn = message.getSegment('PID').getComponent(3, 1);
    keep(kind, controlId, mrn, message.toString(), () => connection.send(message.buildAck()));
  });
  connection.addEventListener('error', ({ error }) => console.error(String(error)));
});
server.start(port, 'utf-8');
server.server.on('listening', announce);
