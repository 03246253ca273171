// The first import of a server whose chainlet caches weights: fetching starts in a thread of its own before any other
// module is loaded, so that downloads and imports overlap.
import { startWeightsFirst } from "@truss-chains/runtime";
import { startResolver } from "@truss-chains/weights";

startWeightsFirst((log) => startResolver({ log }));
