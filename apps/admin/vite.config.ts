import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Relative asset paths and hash routes: the panel works under any path the gateway serves it from. */
export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../dist/admin',
    emptyOutDir: true,
    target: 'es2022',
    // one chunk on purpose: every page needs most of it, and the gateway serves it from the same machine
    chunkSizeWarningLimit: 1600,
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:4747' },
  },
});
