import 'reflect-metadata';
import { startGateway } from './startup/start-gateway.js';

await startGateway(process.env);
