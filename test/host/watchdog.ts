// Loaded into n8n before n8n itself. The channel to the process that started n8n closes when that
// process ends, however it ended; an n8n without anybody to stop it would run for ever.
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 15_000).unref();
});
process.channel?.unref();
