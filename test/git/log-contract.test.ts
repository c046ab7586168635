import { logSuite } from './suites/log-suite.ts';
import {
  byHttp,
  byHttpWithPasswordInUrl,
  byPath,
  bySsh,
  inProcess,
  localPlace,
  remotePlace,
} from './suites/places.ts';

logSuite('of a branch that is checked out here', {
  open: (files) => localPlace(files),
  race: { each: 20, together: 1 },
});
logSuite('of a branch that is not checked out', {
  open: (files) => localPlace(files, 'millwright/ledger'),
  race: { each: 20, together: 1 },
});
logSuite('of a remote reached by its path', {
  open: (files) => remotePlace(files, byPath),
  race: { each: 20, together: 2 },
});
logSuite('of a remote over http', {
  open: (files) => remotePlace(files, byHttp()),
  race: { each: 20, together: 4 },
});
logSuite('of a remote over http with a credential helper', {
  open: (files) => remotePlace(files, byHttp({ user: 'ann', password: 'se:cret/' })),
  race: { each: 2, together: 1 },
});
logSuite('of a remote over http with the password in its URL', {
  open: (files) => remotePlace(files, byHttpWithPasswordInUrl('ann', 'se:cret/')),
  race: { each: 2, together: 1 },
});
logSuite('of a remote over http beside cells in this process', {
  open: (files) => remotePlace(files, inProcess(byHttpWithPasswordInUrl('ann', 'se:cret/'))),
  race: { each: 2, together: 1 },
});
logSuite('of a remote over ssh', {
  open: (files) => remotePlace(files, bySsh),
  race: { each: 4, together: 2 },
});
