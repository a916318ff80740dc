/* Files put into the plugin at build time. */
#ifndef TLP_EMBEDDED_H
#define TLP_EMBEDDED_H

extern const char embedded_manifest[]; /* manifests/threatlocker.json, ASCII */

#endif
