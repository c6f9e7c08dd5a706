// What docs/portable-cypher.md shows as accepted: a title each, then the query.

// `MATCH`, labels, types, both directions
MATCH (v:Vendor)-[:SUPPLIED]->(p:Partner)<-[:SUPPLIED]-(o:Partner)
RETURN v.id AS v, p.id AS p, o.id AS o;

// any direction
MATCH (a:Party)-[s:SUPPLIED]-(b:Party)
RETURN a.id AS a, b.id AS b, s.id AS s;

// several labels or types
MATCH (a:Vendor|Partner)-[r:OFFERS|RUNS]->(c)
RETURN a.id AS a, c.id AS c;

// property map, inline `WHERE`
MATCH (a:Party {country: 'BY'})-[s:SUPPLIED WHERE s.quantity > 9]->(b:Party)
RETURN a.id AS a, b.id AS b;

// several patterns, each relationship at most once
MATCH (a:Party)-[s:SUPPLIED]->(b:Party), (b)-[t:SUPPLIED]->(a)
RETURN s.id AS s, t.id AS t;

// `OPTIONAL MATCH`
MATCH (p:Partner)
OPTIONAL MATCH (p)-[b:HAS_BRANCH]->(c:City)
RETURN p.id AS p, c.id AS c;

// bounded variable length, named path
MATCH w = (a:Vendor)-[:SUPPLIED*1..3]->(b:EndUser)
RETURN length(w) AS hops, [n IN nodes(w) | n.id] AS path;

// `EXISTS`, `COUNT`, pattern predicate
MATCH (p:Partner)
WHERE NOT EXISTS { (p)-[c:CERTIFIED_BY]->(:Vendor) WHERE c.role = 'gold' } AND COUNT { (p)-[:SUPPLIED]->() } > 5 AND (p)-[:LOCATED_IN]->(:City)
RETURN p.id AS p;

// three-valued logic, chains of comparison
MATCH (c:City)
WHERE NOT c.key_city XOR 1 < c.population <= 100000 OR c.population IS NULL
RETURN c.id AS c;

// `IN`, `STARTS WITH`, `ENDS WITH`, `CONTAINS`
MATCH (p:Partner)
WHERE p.country IN $countries AND p.name STARTS WITH 'A'
RETURN p.id AS p;

// `CASE`, `coalesce`
MATCH (p:Partner)
RETURN p.id AS p, CASE WHEN p.employees > 50 THEN 'large' ELSE coalesce(p.country, '?') END AS class;

// `WITH`, aggregation, `DISTINCT`, `WHERE`
MATCH (a:Party)-[s:SUPPLIED]->(:Party)
WITH a, count(DISTINCT s.product_id) AS products
WHERE products > 3
RETURN a.id AS a, products;

// `ORDER BY`, `SKIP`, `LIMIT`
MATCH (p:Partner)
RETURN p.id AS partner
ORDER BY p.employees DESC, partner SKIP 10 LIMIT 5;

// `collect` in a defined order, index and slice
MATCH (a:Party)-[s:SUPPLIED]->(:Party)
WITH a, s
ORDER BY s.shipped_on, s.id
WITH a, collect(s.id) AS lines
RETURN a.id AS a, lines[0] AS first, lines[1..3] AS next;

// `UNWIND`
UNWIND ['gold', 'silver'] AS role
MATCH (p:Partner)-[c:CERTIFIED_BY {role: role}]->(:Party)
RETURN role, p.id AS p;

// `UNION`, by column name
MATCH (p:Partner)
RETURN p.id AS id, 'partner' AS kind
UNION ALL
MATCH (u:EndUser)
RETURN 'end user' AS kind, u.id AS id;

// list comprehension, `all`, `any`, `none`, `single`
MATCH w = (:Vendor)-[:SUPPLIED*1..2]->(:Party)
WHERE all(s IN relationships(w) WHERE s.quantity > 1)
RETURN [s IN relationships(w) WHERE s.quantity > 9 | s.id] AS large;

// dates and durations
MATCH ()-[s:SUPPLIED]->()
WHERE s.shipped_on >= date('2024-01-01') + duration({months: 3}) AND s.shipped_on.quarter = 2
RETURN s.id AS s, duration.inDays(s.shipped_on, $as_of).days AS age;

// pattern comprehension, `COLLECT { }`, map projection
MATCH (p:Partner)
RETURN p {.id, .name} AS partner, [(p)-[:OFFERS]->(c) | c.id] AS offered,
       COLLECT { MATCH (p)-[s:SUPPLIED]->() RETURN s.id ORDER BY s.quantity DESC, s.id LIMIT 3 } AS top;

// `reduce`
MATCH w = (:Vendor)-[:SUPPLIED*1..2]->(:Party)
RETURN reduce(total = 0, s IN relationships(w) | total + s.quantity) AS units;

// regular expressions, the part that all engines read alike
MATCH (p:Partner)
WHERE p.name =~ '(?i).*gmbh( & co.*)?'
RETURN p.id AS p;

// `id` and `elementId`, to tell one from another: `=`, `<>`, `IN`, counted and grouped by, not shown
MATCH (a:Partner)-[:SUPPLIED]->(b:Partner)
WHERE id(a) <> id(b)
WITH id(a) AS seller, count(DISTINCT id(b)) AS buyers
RETURN buyers, count(*) AS sellers;

// paths of any length: trails, as many as the graph has
MATCH (:Partner {id: 'P1'})-[:SUPPLIED*]->(u:EndUser)
RETURN DISTINCT u.id AS reached;

// `allShortestPaths`, between nodes that differ; `shortestPath` in questions
MATCH p = allShortestPaths((v:Vendor)-[:SUPPLIED*]->(u:EndUser))
WHERE v <> u
RETURN u.id AS u, length(p) AS hops;

// subqueries: `CALL { }` for each row, and any clauses in `EXISTS`, `COUNT` and `COLLECT`
MATCH (p:Partner)
CALL (p) {
  MATCH (p)-[s:SUPPLIED]->(b:Party)
  RETURN b.id AS buyer, s.amount AS amount
  ORDER BY amount DESC, s.id LIMIT 3
}
RETURN p.id AS partner, buyer, amount;

// quantified paths; a condition inside is about one of its parts
MATCH (v:Vendor) ((a)-[s:SUPPLIED WHERE s.quantity > 5]->(b:Partner)){1,3} (u:EndUser)
RETURN u.id AS u, count(*) AS chains;

// `ALL SHORTEST`, `SHORTEST k GROUPS`; in questions also `SHORTEST k` and `ANY k`
MATCH p = SHORTEST 2 GROUPS (v:Vendor)-[:SUPPLIED]->{1,4}(u:EndUser)
RETURN u.id AS u, length(p) AS hops;

// values of several types in `CASE`, `coalesce` and lists; not as grouping keys with floats
MATCH (p:Partner)
RETURN p.id AS p, coalesce(p.employees, 'unknown') AS employees, [p.capital, p.country] AS facts;

// `keys`, and a property by its written name
MATCH (p:Partner)
RETURN keys(p) AS known, p['name'] || ', ' || p.country AS name;

// times that are written out: made, selected, truncated, compared, asked for their parts
WITH datetime('2024-02-29T12:30:00+01:00') AS seen
MATCH (p:Partner)
WHERE p.joined_on < date(seen) AND seen > datetime.truncate('year', seen)
RETURN p.id AS p, localdatetime.truncate('hour', seen, {minute: 30}) AS half_past, seen.hour AS hour;
