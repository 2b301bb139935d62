// Has Mermaid's own parser read the files given, for scripts/check-diagrams.

import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';

// Mermaid looks for a browser when it is loaded.
const { window } = new JSDOM('');
globalThis.window = window;
globalThis.document = window.document;

const { default: mermaid } = await import('mermaid');

for (const file of process.argv.slice(2)) {
    const text = readFileSync(file, 'utf8');
    try {
        const { diagramType } = await mermaid.parse(text);
        if (diagramType !== 'er')
            throw new Error(`it is a diagram of type ${diagramType}`);
    } catch (error) {
        console.error(`${file}: ${error.message}\n${text}`);
        process.exitCode = 1;
    }
}
