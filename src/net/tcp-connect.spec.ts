import { type AddressInfo, createServer } from 'node:net';
import { connectTcp } from './tcp-connect.js';

describe(connectTcp, () => {
  it('should hand over a connected socket, from the source that was asked for', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const connected = await connectTcp({ address: '127.0.0.1', port, source: '127.0.0.9', timeoutMs: 5000 });
    if (!connected.ok) throw new Error(connected.error);
    expect(connected.value.localAddress).toBe('127.0.0.9');
    connected.value.destroy();
    server.close();
  });

  it('should say refused where nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await connectTcp({ address: '127.0.0.1', port, timeoutMs: 5000 })).toEqual({ ok: false, error: 'refused' });
  });

  it('should say no-route for a source address that is not ours', async () => {
    const connected = await connectTcp({ address: '127.0.0.1', port: 9, source: '198.51.100.7', timeoutMs: 5000 });
    expect(connected).toEqual({ ok: false, error: 'no-route' });
  });

  it('should give up when it is stopped, before or after it began', async () => {
    const stop = new AbortController();
    const waiting = connectTcp({ address: '127.0.0.1', port: 9, timeoutMs: 5000, signal: stop.signal });
    stop.abort();
    expect(await waiting).toEqual({ ok: false, error: 'aborted' });
    expect(await connectTcp({ address: '127.0.0.1', port: 9, timeoutMs: 5000, signal: stop.signal })).toEqual({
      ok: false,
      error: 'aborted',
    });
  });
});
