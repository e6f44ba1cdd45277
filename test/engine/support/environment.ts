// n8n-core prints every failed node; here failures are what is tested.
process.env.N8N_LOG_LEVEL = 'silent';
// All that these tests reach is on this machine, and what asks for more must not find a way out.
for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
  delete process.env[name];
  delete process.env[name.toLowerCase()];
}
