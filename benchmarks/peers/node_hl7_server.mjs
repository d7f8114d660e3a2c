// node-hl7-server, storing what it reads before it answers. It keeps no connection: on a kept
// one every answer would carry all earlier messages again, so the client reconnects each time.
import { Server } from 'node-hl7-server';
import { announce, keep, port } from './store.mjs';

const server = new Server({ bindAddress: '127.0.0.1' });
const inbound = server.createInbound({ port }, async (req, res) => {
  const message = req.getMessage();
  const kind = `${message.get('MSH.9.1')}^${message.get('MSH.9.2')}`;
  const mrn = message.get('PID.3').toString().split(/[~^]/)[0];
  keep(kind, message.get('MSH.10').toString(), mrn, message.toString(), () => {
    void res.sendResponse('AA');
  });
});
inbound.on('listen', announce);
inbound.on('data.error', (error) => console.error(String(error)));
