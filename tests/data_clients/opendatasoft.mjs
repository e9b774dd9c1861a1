// Opendatasoft's own client, unchanged, against this product: node opendatasoft.mjs ADDRESS DATASET. Prints what it got.
import { createRequire } from "node:module";

const [, , folder, domain, dataset] = process.argv;
const client = createRequire(`${folder}/package.json`)("@opendatasoft/api-client");
const { ApiClient, all, date, exactMatch, field, fromCatalog, list, lower, not, one, string } = client;
const { NotFoundError, ServerError, UserError, textSearch, textStartWith, textSuggest } = client;
const api = new ApiClient({ domain, apiKey: "not needed" });
const records = () => fromCatalog().dataset(dataset).records();
const count = async (where) => (await api.get(records().where(where).limit(0))).total_count;
const refused = async (query) => {
  try {
    return await api.get(query);
  } catch (error) {
    const kind = Object.entries({ NotFoundError, UserError, ServerError }).find(([, each]) => error instanceof each);
    return { kind: kind?.[0], code: error.details.error_code, message: error.details.message };
  }
};

const whole = await api.get(records().limit(100));
const first = whole.results[0];
const exported = await api.get(fromCatalog().dataset(dataset).export("json").orderBy("code_insee"));
const told = {
  catalogue: (await api.get(fromCatalog().datasets().select("dataset_id").limit(100))).results,
  facets_of_all: await api.get(fromCatalog().facets()),
  dataset: await api.get(fromCatalog().dataset(dataset).itself()),
  total: whole.total_count,
  exported: exported.length,
  next: (await api.get(records().limit(10).offset((current) => 10))).results,
  second: whole.results.slice(10, 20),
  counts: {
    exact: await count(exactMatch("type", first.type)),
    same: await count(`${field("type")}:${string(first.type)}`),
    not: await count(not(exactMatch("type", first.type))),
    both: await count(all(exactMatch("type", first.type), `etals > ${first.etals}`)),
    either: await count(one(exactMatch("type", first.type), not(exactMatch("type", first.type)))),
    since: await count(`${field("depuis")} >= ${date({ year: 2015 })}`),
    before: await count(`${field("depuis")} < ${date({ year: 2015, month: 1, day: 1 })}`),
    dated: await count("depuis is not null"),
    search: await count(textSearch("marché", ["nom"])),
    suggest: await count(textSuggest("march")),
    starts: await count(textStartWith("Marché", ["nom"])),
    refined: (await api.get(records().refine(`commune:${first.commune}`).limit(0))).total_count,
    excluded: (await api.get(records().exclude(`commune:${first.commune}`).limit(0))).total_count,
  },
  groups: (
    await api.get(
      records().select(list("commune", "count(*) as n", "avg(etals) as moyenne")).groupBy("commune").orderBy("n DESC, commune").limit(100),
    )
  ).results,
  lower: (await api.get(records().select("count(*) as n").groupBy(lower("commune")).orderBy(lower("commune")).limit(100))).results,
  facets: await api.get(fromCatalog().dataset(dataset).facets().facet("commune").lang("fr").timezone("Europe/Paris")),
  unknown: await refused(fromCatalog().dataset("nulle-part").itself()),
  wrong: await refused(records().where("etals >>> 3")),
  secret: await refused(fromCatalog().dataset("secret").records()),
};
console.log(JSON.stringify(told));
