// n8n-core prints every failed node; here failures are what is tested.
process.env.N8N_LOG_LEVEL = 'silent';
