/** The library behind uploads tells every user of Node 20 to move on; that is no business of a push. */
export function quietAws(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
}
