import { startSshHost } from '../../ssh-server.ts';

// The SSH server of a host, a process of its own because it runs in that host's network:
// `ssh-host.ts <address> <socket of the engine> <public key that may log in>`. It prints its port and host key.

const [address = '', socket = '', open = ''] = process.argv.slice(2);
const { port, hostKey } = await startSshHost({
  authorized: [{ private: '', public: open, fingerprint: '' }],
  socket,
  address,
});
process.stdout.write(`${JSON.stringify({ port, hostKey: hostKey.fingerprint })}\n`);
