// The address of one of the service's paths: behind a reverse proxy they may begin below the root of the host.
const root = document.documentElement.dataset.root;

export const urlOf = path => root + path;
