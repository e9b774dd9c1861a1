// raptor-journey-planner on the trips, walks and questions that bench/mobility_planning.py wrote: its own loadGTFS ended
// without an error and without a trip on this feed, so what it would have read is given to it.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [, , folder, given] = process.argv;
const require = createRequire(`${folder}/`);
const { RaptorAlgorithmFactory } = require("raptor-journey-planner/dist/src/raptor/RaptorAlgorithmFactory.js");
const { DepartAfterQuery } = require("raptor-journey-planner/dist/src/query/DepartAfterQuery.js");
const { JourneyFactory } = require("raptor-journey-planner/dist/src/results/JourneyFactory.js");

const said = JSON.parse(readFileSync(given));
const service = { runsOn: () => true };
const trips = said.trips.map(([id, calls]) => ({
  tripId: id, serviceId: "S", service,
  stopTimes: calls.map(([stop, arrivalTime, departureTime]) => ({ stop, arrivalTime, departureTime, pickUp: true, dropOff: true })),
}));
const transfers = {}, interchange = {};
for (const [origin, destination, duration] of said.walks)
  (transfers[origin] ??= []).push({ origin, destination, duration, startTime: 0, endTime: Number.MAX_SAFE_INTEGER });
for (const stop of said.stops) interchange[stop] = 60;
const date = new Date(said.date);
const raptor = RaptorAlgorithmFactory.create(trips, transfers, interchange, date);
const query = new DepartAfterQuery(raptor, new JourneyFactory(), 1);
let found = 0;
const times = [], arrivals = [];
const began = process.cpuUsage();
for (const [one, other, at] of said.questions) {
  const start = process.hrtime.bigint();
  const journeys = query.plan(one, other, date, at);
  times.push(Number(process.hrtime.bigint() - start) / 1e6);
  found += journeys.length > 0;
  arrivals.push(journeys.length ? Math.min(...journeys.map((each) => each.arrivalTime)) : null);
}
const spent = process.cpuUsage(began);
times.sort((a, b) => a - b);
console.log(JSON.stringify({
  found, arrivals, p50: times[times.length >> 1], cpu: (spent.user + spent.system) / 1e6,
  memory: process.memoryUsage().rss / 1e6,
}));
