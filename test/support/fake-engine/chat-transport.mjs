const json = { 'content-type': 'application/json' };
const plainErrors = {
  openai: (status, message) => [status, { error: { message, type: 'server_error', code: status } }],
  detail: (status, message) => [status, { detail: message }],
  'text-404': (_status, message) => [404, { error: message }],
};

/** Ways to answer over HTTP as the profile's engine does; HTTP/1.0 engines end their answers by closing. */
export function openTransport(response, { errors, isHttp10 }, workload) {
  const { socket } = response;
  const out = isHttp10 ? socket : response;
  const sendHead = (status, type) => {
    if (!isHttp10) return response.writeHead(status, { 'content-type': type });
    return socket.write(`HTTP/1.0 ${status} OK\r\nContent-Type: ${type}\r\n\r\n`);
  };
  const send = (status, body) => {
    sendHead(status, json['content-type']);
    out.end(JSON.stringify(body));
  };
  return {
    json: (body) => send(200, body),
    fail: (status, message) => send(...plainErrors[errors](status, message)),
    work: (answer) => workload.start(response, answer),
    open: () => sendHead(200, 'text/event-stream'),
    event: (data) => out.write(`data: ${data}\n\n`),
    comment: (text) => out.write(`: ${text}\n\n`),
    done: () => out.end('data: [DONE]\n\n'),
    end: () => out.end(),
    // a moment later, so that what was written is read first
    cut: () =>
      setTimeout(() => (socket.remotePort ? socket.resetAndDestroy() : socket.destroy()), 20),
  };
}
