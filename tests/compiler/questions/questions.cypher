// Which partners are there in Germany?
MATCH (p:Partner) WHERE p.country = 'DE' RETURN p.id, p.name ORDER BY p.name

// How many partners are there per country?
MATCH (p:Partner) RETURN p.country AS country, count(*) AS partners ORDER BY partners DESC

// Who sold to a given end user?
MATCH (s:Party)-[r:SUPPLIED]->(e:EndUser {id: 'E000001'}) RETURN s.id, s.name, count(r) AS lines

// Who sold what where?
MATCH (s:Partner)-[r:SUPPLIED]->(b:EndUser)-[:LOCATED_IN]->(c:City)
RETURN s.name AS seller, r.product_id AS product, c.name AS city, sum(r.quantity) AS units
ORDER BY units DESC LIMIT 20

// What was sold each month?
MATCH ()-[r:SUPPLIED]->()
RETURN r.shipped_on.year AS year, r.shipped_on.month AS month, sum(r.amount) AS amount
ORDER BY year, month

// What was sold each month, by its first day?
MATCH ()-[r:SUPPLIED]->()
RETURN date.truncate('month', r.shipped_on) AS month, count(*) AS lines, sum(r.quantity) AS units ORDER BY month

// The ten largest sellers by revenue in euros
MATCH (p:Partner)-[r:SUPPLIED]->()
WHERE r.currency = 'EUR'
RETURN p.id AS id, p.name AS name, round(sum(r.amount), 2) AS revenue
ORDER BY revenue DESC LIMIT 10

// Which products sold best in 2015?
MATCH ()-[r:SUPPLIED]->(:EndUser) WHERE r.shipped_on.year = 2015
WITH r.product_id AS product, sum(r.quantity) AS units
MATCH (q:Product {id: product})
RETURN q.name, q.family, units ORDER BY units DESC LIMIT 10

// Partners that never sold anything
MATCH (p:Partner) WHERE NOT (p)-[:SUPPLIED]->() RETURN p.id, p.name

// Partners without any certificate
MATCH (p:Partner) WHERE NOT EXISTS { (p)-[:CERTIFIED_BY]->() } RETURN p.id AS partner, p.name AS name ORDER BY partner

// Partners whose certificate had expired when they sold
MATCH (p:Partner)-[r:SUPPLIED]->(:EndUser)
WHERE NOT EXISTS {
  MATCH (p)-[c:CERTIFIED_BY]->() WHERE c.valid_from <= r.shipped_on <= c.valid_to
}
RETURN p.id, count(r) AS lines ORDER BY lines DESC

// Gold partners whose certificate ends within the next 90 days
MATCH (p:Partner)-[c:CERTIFIED_BY {role: 'gold'}]->()
WHERE c.valid_to >= date('2015-06-30') AND c.valid_to < date('2015-06-30') + duration({days: 90})
RETURN p.name, c.valid_to ORDER BY c.valid_to

// How long did certificates last, in days?
MATCH (p:Partner)-[c:CERTIFIED_BY]->()
WHERE c.valid_to < date('9999-12-31')
RETURN c.role, avg(duration.inDays(c.valid_from, c.valid_to).days) AS days, count(*) AS n

// Large, middling and small partners
MATCH (p:Partner)
RETURN CASE WHEN p.employees >= 250 THEN 'large' WHEN p.employees >= 50 THEN 'medium' ELSE 'small' END AS size, count(*) AS partners

// A simple case on the currency
MATCH ()-[r:SUPPLIED]->()
RETURN CASE r.currency WHEN 'EUR' THEN 'euro' WHEN 'GBP' THEN 'pound' ELSE 'other' END AS money, count(*) AS n

// Cities and the partners in them
MATCH (c:City)<-[:LOCATED_IN]-(p:Partner)
RETURN c.name AS city, collect(p.name) AS partners, count(p) AS n ORDER BY n DESC, city LIMIT 5

// Cities with no partner
MATCH (c:City) OPTIONAL MATCH (c)<-[:LOCATED_IN]-(p:Partner)
WITH c, count(p) AS partners WHERE partners = 0
RETURN c.name, c.population ORDER BY c.population DESC LIMIT 25

// Key cities with no branch of a distributor
MATCH (c:City) WHERE c.key_city
AND NOT EXISTS { MATCH (c)<-[:HAS_BRANCH]-(p:Partner)-[:CERTIFIED_BY]->() }
RETURN c.id, c.name

// The number of branches per partner, zero included
MATCH (p:Partner) OPTIONAL MATCH (p)-[b:HAS_BRANCH]->(:City)
RETURN p.id AS id, count(b) AS branches ORDER BY branches DESC, id LIMIT 15

// From the vendor to an end user in three steps
MATCH path = (v:Vendor)-[:SUPPLIED*3]->(e:EndUser {id: 'E000001'})
RETURN [n IN nodes(path) | n.name] AS names LIMIT 10

// How many hops are there between the vendor and the end user?
MATCH p = shortestPath((v:Vendor {id: 'V1'})-[:SUPPLIED*..5]->(e:EndUser {id: 'E000001'})) RETURN length(p) AS hops

// All shortest supply paths
MATCH p = allShortestPaths((v:Vendor {id: 'V1'})-[:SUPPLIED*]->(e:EndUser {id: 'E000002'}))
RETURN count(p) AS paths, length(p) AS hops

// Everybody within two steps of a partner
MATCH (p:Partner {id: 'P00010'})-[:SUPPLIED*1..2]-(o:Party) RETURN DISTINCT o.id, labels(o)

// Who sells to each other?
MATCH (a:Partner)-[:SUPPLIED]->(b:Partner)-[:SUPPLIED]->(a) WHERE a.id < b.id RETURN DISTINCT a.name, b.name

// Lines that stayed within one legal group
MATCH (a:Partner)-[:MEMBER_OF]->(g:Group)<-[:MEMBER_OF]-(b:Partner), (a)-[s:SUPPLIED]->(b)
RETURN g.id, a.id, b.id, count(s) AS lines

// Sales by product family and quarter
MATCH ()-[r:SUPPLIED]->(), (q:Product)
WHERE q.id = r.product_id
RETURN q.family AS family, r.shipped_on.year AS y, r.shipped_on.quarter AS q, sum(r.quantity) AS units
ORDER BY family, y, q

// Year over year for each partner
MATCH (p:Partner)-[r:SUPPLIED]->()
WITH p, sum(CASE WHEN r.shipped_on.year = 2014 THEN r.amount ELSE 0 END) AS before,
     sum(CASE WHEN r.shipped_on.year = 2015 THEN r.amount ELSE 0 END) AS after
WHERE before > 0
RETURN p.id AS partner, before, after, round(100.0 * (after - before) / before, 1) AS growth
ORDER BY growth DESC, partner LIMIT 20

// Partners whose sales fell by half
MATCH (p:Partner)-[r:SUPPLIED]->()
WITH p, r.shipped_on.year AS year, sum(r.quantity) AS units
WITH p, collect({year: year, units: units}) AS years
WITH p, head([y IN years WHERE y.year = 2014 | y.units]) AS then, head([y IN years WHERE y.year = 2015 | y.units]) AS now
WHERE now < then / 2
RETURN p.id, then, now

// Median and 90th percentile of line values
MATCH ()-[r:SUPPLIED]->()
RETURN percentileCont(r.amount, 0.5) AS median, percentileCont(r.amount, 0.9) AS high

// Median number of units per flow
MATCH ()-[r:SUPPLIED]->() RETURN r.flow AS flow, percentileDisc(r.quantity, 0.5) AS median, max(r.quantity) AS most

// Mean and spread of quantities
MATCH ()-[r:SUPPLIED {flow: 'sell_out'}]->() RETURN avg(r.quantity) AS mean, stDev(r.quantity) AS sd, min(r.quantity) AS least

// A median of whole numbers
MATCH (p:Partner) RETURN percentileCont(p.employees, 0.5) AS median

// Partners whose name contains a word
MATCH (p:Partner) WHERE toLower(p.name) CONTAINS 'systems' RETURN p.name ORDER BY p.name

// Legal forms at the end of names
MATCH (p:Partner) WITH split(p.name, ' ') AS words RETURN last(words) AS form, count(*) AS n ORDER BY n DESC

// Initials
MATCH (p:Partner) RETURN left(p.name, 1) AS letter, count(*) AS n ORDER BY letter

// Names in a fixed form
MATCH (p:Partner {country: 'NL'}) RETURN toUpper(trim(p.name)) + ' (' + p.country + ')' AS label ORDER BY label

// Names that match an expression
MATCH (p:Partner) WHERE p.name =~ '.*(GmbH|AG)$' RETURN count(*) AS n

// Where the domestic seller sold abroad
MATCH (s:Partner)-[r:SUPPLIED]->(b:EndUser)
WHERE s.country <> b.country
RETURN s.country + '->' + b.country AS route, count(*) AS lines ORDER BY lines DESC LIMIT 10

// Share of foreign sales per partner
MATCH (s:Partner)-[r:SUPPLIED]->(b:EndUser)
WITH s, count(r) AS all, sum(CASE WHEN s.country <> b.country THEN 1 ELSE 0 END) AS abroad
WHERE all > 20
RETURN s.id, abroad, all, toFloat(abroad) / all AS share ORDER BY share DESC, s.id LIMIT 10

// Resellers supplied by more than one distributor
MATCH (d:Partner)-[r:SUPPLIED]->(t:Partner)
WHERE r.seller_role = 'distributor'
WITH t, count(DISTINCT d) AS distributors WHERE distributors > 1
RETURN t.id, t.name, distributors ORDER BY distributors DESC

// Resellers that depend on one distributor alone
MATCH (d:Partner)-[r:SUPPLIED]->(t:Partner)
WHERE r.seller_role = 'distributor'
WITH t, collect(DISTINCT d.id) AS ds WHERE size(ds) = 1
RETURN t.id AS reseller, ds[0] AS distributor

// The last line of each partner
MATCH (p:Partner)-[r:SUPPLIED]->() RETURN p.id AS partner, max(r.shipped_on) AS last ORDER BY last, partner LIMIT 30

// Partners that have been silent for half a year
MATCH (p:Partner)-[r:SUPPLIED]->()
WITH p, max(r.shipped_on) AS last WHERE last < date('2015-12-31') - duration('P6M')
RETURN p.id, p.name, last, duration.between(last, date('2015-12-31')).months AS months

// The first customer of each partner
MATCH (p:Partner {country: 'PT'})-[r:SUPPLIED]->(b)
WITH p, r, b ORDER BY r.shipped_on, r.id
WITH p, collect(b.id)[0] AS first RETURN p.id, first

// The three largest lines of each distributor
MATCH (d:Partner)-[:CERTIFIED_BY {role: 'distributor'}]->()
WITH DISTINCT d
CALL { WITH d MATCH (d)-[r:SUPPLIED]->() RETURN r ORDER BY r.amount DESC LIMIT 3 }
RETURN d.id, r.id, r.amount

// Partners and certified end users in one list
MATCH (p:Partner {country: 'BE'}) RETURN p.id AS id, 'partner' AS kind
UNION
MATCH (e:EndUser {country: 'BE'}) WHERE (e)-[:CERTIFIED_BY]->() RETURN e.id AS id, 'end user' AS kind

// Sell-in and sell-out side by side
MATCH ()-[r:SUPPLIED {flow: 'sell_in'}]->() RETURN 'in' AS way, sum(r.quantity) AS units
UNION ALL
MATCH ()-[r:SUPPLIED {flow: 'sell_out'}]->() RETURN 'out' AS way, sum(r.quantity) AS units

// Stock of each partner: bought less sold
MATCH (p:Partner)
OPTIONAL MATCH ()-[i:SUPPLIED]->(p)
WITH p, coalesce(sum(i.quantity), 0) AS bought
OPTIONAL MATCH (p)-[o:SUPPLIED]->()
WITH p, bought, coalesce(sum(o.quantity), 0) AS sold
WHERE sold > bought
RETURN p.id, bought, sold, sold - bought AS excess ORDER BY excess DESC

// Which capabilities does a gold partner lack?
MATCH (r:Role {id: 'gold'})-[:MUST_OFFER]->(c:Capability)
MATCH (p:Partner)-[:CERTIFIED_BY {role: 'gold'}]->()
WHERE NOT (p)-[:OFFERS]->(c)
RETURN DISTINCT p.id AS partner, c.id AS capability ORDER BY partner, capability LIMIT 50

// Partners that offer all of a list
MATCH (p:Partner) WHERE all(x IN ['logistics', 'financing'] WHERE EXISTS { (p)-[:OFFERS]->(:Capability {id: x}) })
RETURN p.id

// How many partners offer each capability?
MATCH (c:Capability) RETURN c.id AS capability, size([(p:Partner)-[:OFFERS]->(c) | p]) AS partners ORDER BY capability

// Counts of related things in one row
MATCH (p:Partner {id: 'P00010'})
RETURN p.name, COUNT { (p)-[:SUPPLIED]->() } AS sold, COUNT { (p)<-[:SUPPLIED]-() } AS bought, COUNT { (p)-[:HAS_BRANCH]->() } AS branches

// Profile of one partner as a map
MATCH (p:Partner {id: 'P00010'}) RETURN p {.id, .name, .country, lines: COUNT { (p)-[:SUPPLIED]->() }} AS profile

// Everything about one partner
MATCH (p:Partner {id: 'P00010'}) RETURN p {.*} AS partner

// All properties of a node
MATCH (c:City {name: 'Berlin'}) RETURN properties(c) AS city

// All properties of a line
MATCH ()-[r:SUPPLIED {id: 'L00000001'}]->() RETURN properties(r) AS line

// The node itself
MATCH (p:Partner {id: 'P00010'}) RETURN p

// Lines of one day
MATCH (a)-[r:SUPPLIED]->(b) WHERE r.shipped_on = date('2015-03-02') RETURN a.name, b.name, r.quantity ORDER BY r.id

// Lines between two days
MATCH (a)-[r:SUPPLIED]->(b)
WHERE date('2015-03-01') <= r.shipped_on AND r.shipped_on < date({year: 2015, month: 3, day: 8})
RETURN a.id, b.id, r.quantity, r.shipped_on ORDER BY r.shipped_on DESC, r.id LIMIT 100

// Sales by day of the week
MATCH ()-[r:SUPPLIED]->() RETURN r.shipped_on.dayOfWeek AS day, count(*) AS lines ORDER BY day

// Sales at month's end
MATCH ()-[r:SUPPLIED]->()
WHERE r.shipped_on + duration({days: 3}) >= date.truncate('month', r.shipped_on) + duration({months: 1})
RETURN r.flow AS flow, count(*) AS lines

// Are there duplicates: same parties, product and day?
MATCH (a)-[r:SUPPLIED]->(b)
WITH a, b, r.product_id AS product, r.shipped_on AS day, collect(r.id) AS ids
WHERE size(ids) > 1
RETURN a.id, b.id, product, day, ids LIMIT 20

// Pairs of lines that look alike
MATCH (a)-[r:SUPPLIED]->(b), (a)-[s:SUPPLIED]->(b)
WHERE r.id < s.id AND r.product_id = s.product_id AND r.shipped_on = s.shipped_on AND r.quantity = s.quantity
RETURN r.id, s.id ORDER BY r.id

// Round numbers of units
MATCH ()-[r:SUPPLIED]->() WHERE r.quantity % 100 = 0 RETURN count(*) AS round_lines

// The price of a unit
MATCH ()-[r:SUPPLIED]->() WHERE r.amount IS NOT NULL AND r.currency = 'EUR'
RETURN r.product_id AS product, avg(r.amount / r.quantity) AS price ORDER BY price DESC LIMIT 10

// Sellers far below the mean price of a product
MATCH ()-[r:SUPPLIED {product_id: 'SW-1000', currency: 'EUR'}]->()
WITH avg(r.amount / r.quantity) AS mean
MATCH (p:Partner)-[s:SUPPLIED {product_id: 'SW-1000', currency: 'EUR'}]->()
WHERE s.amount / s.quantity < 0.5 * mean
RETURN p.id, s.id, s.amount / s.quantity AS price, mean

// Which regions have no partner authorised?
MATCH (r:Region) WHERE NOT EXISTS { (r)<-[:AUTHORIZED_IN]-(:Partner) } RETURN r.id, r.name, r.demand ORDER BY r.demand DESC

// Sold outside the authorised territory
MATCH (p:Partner)-[s:SUPPLIED]->(e:EndUser)-[:LOCATED_IN]->(c:City)
WHERE s.seller_role IN ['gold', 'silver']
  AND NOT EXISTS { MATCH (p)-[:AUTHORIZED_IN]->(r:Region)<-[:WITHIN]-(c) }
RETURN p.id AS partner, count(*) AS lines ORDER BY lines DESC, partner LIMIT 20

// Regions under a country, to any depth
MATCH (r:Region)-[:PART_OF*]->(top:Region {id: 'DE'}) RETURN r.id, r.name ORDER BY r.id

// Regions under a country, itself included
MATCH (r:Region)-[:PART_OF*0..]->(top:Region {id: 'DE'}) RETURN count(r) AS regions, sum(r.demand) AS demand

// Partners per region, through cities
MATCH (p:Partner)-[:LOCATED_IN]->(:City)-[:WITHIN]->(r:Region)
WHERE r.parent_id IS NOT NULL
RETURN r.name AS region, count(DISTINCT p) AS partners ORDER BY partners DESC, region LIMIT 10

// Targets against what was sold
MATCH (p:Partner)-[t:PROMISED]->(x:Region)
OPTIONAL MATCH (p)-[s:SUPPLIED]->() WHERE t.period_start <= s.shipped_on <= t.period_end AND s.currency = t.currency
WITH p, x, t, sum(s.amount) AS reached
RETURN p.id AS partner, x.id AS region, t.amount AS target, reached, reached >= t.amount AS met ORDER BY partner, region LIMIT 50

// Who was rated badly?
MATCH (a:Partner)-[r:RATED]->(d:Partner) WITH d, avg(r.score) AS score, count(*) AS answers WHERE answers >= 3
RETURN d.name, round(score, 2) AS score, answers ORDER BY score LIMIT 10

// Score bands
MATCH ()-[r:RATED]->() WITH CASE WHEN r.score >= 9 THEN 'promoter' WHEN r.score >= 7 THEN 'passive' ELSE 'detractor' END AS band
RETURN band, count(*) AS n

// Net promoter score per distributor
MATCH ()-[r:RATED]->(d:Partner)
WITH d, count(*) AS n, sum(CASE WHEN r.score >= 9 THEN 1 WHEN r.score <= 6 THEN -1 ELSE 0 END) AS net
RETURN d.id, 100.0 * net / n AS nps ORDER BY nps DESC, d.id

// What may a distributor do?
MATCH (a:Role {id: 'distributor'})-[m:MAY_SUPPLY]->(b:Role) RETURN b.id, m.ruling, m.section ORDER BY b.rank

// Forbidden lines
MATCH (a:Role)-[m:MAY_SUPPLY {ruling: 'forbidden'}]->(b:Role)
MATCH (s)-[r:SUPPLIED]->(t) WHERE r.seller_role = a.id AND r.buyer_role = b.id
RETURN a.id AS seller, b.id AS buyer, count(r) AS lines

// Partners that hold two roles on one day
MATCH (p:Partner)-[a:CERTIFIED_BY]->(), (p)-[b:CERTIFIED_BY]->()
WHERE a.role < b.role AND a.valid_from <= b.valid_to AND b.valid_from <= a.valid_to
RETURN DISTINCT p.id, a.role, b.role

// Industries by number of customers
MATCH (e:EndUser)-[:IN_INDUSTRY]->(i:Industry) RETURN i.name AS industry, count(e) AS customers ORDER BY customers DESC

// Each industry's largest customer
MATCH (e:EndUser)-[:IN_INDUSTRY]->(i:Industry), ()-[r:SUPPLIED]->(e)
WITH i, e, sum(r.quantity) AS units ORDER BY units DESC
WITH i, collect({customer: e.name, units: units})[0] AS top
RETURN i.name, top.customer, top.units

// Units with a serial number that were handed over more than twice
MATCH ()-[h:HANDED_OVER]->() WITH h.serial AS serial, count(*) AS times WHERE times > 2 RETURN serial, times ORDER BY times DESC, serial

// The way of one unit
MATCH (a)-[h:HANDED_OVER]->(b) WITH h.serial AS serial, a, b, h ORDER BY h.shipped_on
WITH serial, collect(a.id + ' -> ' + b.id) AS way WHERE size(way) > 1 RETURN serial, way LIMIT 10

// Follow goods of one product along dated lines
MATCH (v:Vendor)-[a:SUPPLIED]->(d:Partner)-[b:SUPPLIED]->(e:EndUser)
WHERE a.product_id = b.product_id AND a.shipped_on <= b.shipped_on AND b.approval IS NOT NULL
RETURN d.id AS distributor, count(*) AS chains ORDER BY chains DESC LIMIT 10

// Numbers of an interval
UNWIND range(1, 12) AS m
OPTIONAL MATCH ()-[r:SUPPLIED]->() WHERE r.shipped_on.year = 2015 AND r.shipped_on.month = m
RETURN m AS month, count(r) AS lines ORDER BY month

// A list of ids
MATCH (p:Partner) WHERE p.id IN ['P00001', 'P00002', 'P00003'] RETURN p.id, p.name, p.city_id

// A few ids, one by one
UNWIND ['P00001', 'P00002'] AS id MATCH (p:Partner {id: id}) OPTIONAL MATCH (p)-[:HAS_BRANCH]->(c) RETURN p.name, collect(c.name) AS cities

// Any ten partners
MATCH (p:Partner) RETURN p.name LIMIT 10

// Any five lines with both ends
MATCH (a)-[r:SUPPLIED]->(b) RETURN a.name, type(r), b.name LIMIT 5

// The kinds of nodes
MATCH (n) RETURN labels(n) AS labels, count(*) AS n

// The kinds of relationships
MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS n ORDER BY n DESC

// What is around a partner?
MATCH (p:Partner {id: 'P00010'})-[r]-(x) RETURN type(r) AS how, labels(x)[0] AS what, count(*) AS n

// Degree of every partner
MATCH (p:Partner)-[r:SUPPLIED]-() RETURN p.id AS id, count(r) AS degree ORDER BY degree DESC, id LIMIT 10

// Customers in common
MATCH (a:Partner {id: 'P00010'})-[:SUPPLIED]->(c:Party)<-[:SUPPLIED]-(b:Partner)
RETURN b.id AS other, count(DISTINCT c) AS common ORDER BY common DESC, other LIMIT 10

// Products bought together
MATCH (e:EndUser)<-[a:SUPPLIED]-(), (e)<-[b:SUPPLIED]-()
WHERE a.product_id < b.product_id AND e.country = 'LU'
RETURN a.product_id, b.product_id, count(DISTINCT e) AS customers ORDER BY customers DESC LIMIT 10

// Tenure of partners in whole years
MATCH (p:Partner) WHERE p.joined_on > date('0001-01-01')
RETURN duration.between(p.joined_on, date('2015-12-31')).years AS years, count(*) AS partners ORDER BY years

// Partners that joined in the last year
MATCH (p:Partner) WHERE p.joined_on > date('2015-12-31') - duration({years: 1}) RETURN p.id, p.joined_on ORDER BY p.joined_on

// Partners that have left, but still sell
MATCH (p:Partner)-[r:SUPPLIED]->() WHERE r.shipped_on > p.terminated_on RETURN p.id, min(r.shipped_on) AS first, count(*) AS lines

// What is unknown?
MATCH ()-[r:SUPPLIED]->() RETURN sum(CASE WHEN r.amount IS NULL THEN 1 ELSE 0 END) AS no_amount, count(r.currency) AS with_currency, count(*) AS lines

// Customers without a segment
MATCH (e:EndUser) WHERE e.segment IS NULL OR e.segment = '' RETURN count(e) AS n

// Segments, the unknown named
MATCH (e:EndUser) RETURN coalesce(e.segment, 'unknown') AS segment, count(*) AS n ORDER BY n DESC

// Running total by month
MATCH ()-[r:SUPPLIED {flow: 'sell_in'}]->()
WITH date.truncate('month', r.shipped_on) AS month, sum(r.quantity) AS units ORDER BY month
WITH collect({month: month, units: units}) AS months
UNWIND range(0, size(months) - 1) AS i
RETURN months[i].month AS month, reduce(t = 0, m IN months[0..i + 1] | t + m.units) AS total

// Change from month to month
MATCH ()-[r:SUPPLIED]->()
WITH date.truncate('month', r.shipped_on) AS month, sum(r.quantity) AS units ORDER BY month
WITH collect(month) AS months, collect(units) AS units
UNWIND range(1, size(months) - 1) AS i
RETURN months[i] AS month, units[i] - units[i - 1] AS change

// Share of the largest product in each family
MATCH ()-[r:SUPPLIED]->() MATCH (q:Product) WHERE q.id = r.product_id
WITH q.family AS family, q.id AS product, sum(r.quantity) AS units
WITH family, max(units) AS most, sum(units) AS total
RETURN family, toFloat(most) / total AS share ORDER BY share DESC

// Rank of sellers in a country
MATCH (p:Partner {country: 'IT'})-[r:SUPPLIED]->()
WITH p, sum(r.amount) AS revenue ORDER BY revenue DESC
WITH collect(p.id) AS ids
UNWIND range(0, size(ids) - 1) AS i RETURN i + 1 AS rank, ids[i] AS partner

// Distance between cities as the crow flies, roughly
MATCH (a:City {name: 'Berlin'}), (b:City {key_city: true})
WHERE a <> b
RETURN b.name AS city, round(111.0 * sqrt((a.latitude - b.latitude)^2 + (0.65 * (a.longitude - b.longitude))^2)) AS km ORDER BY km LIMIT 5

// Cities near Berlin
MATCH (a:City {name: 'Berlin'}), (b:City)
WHERE point.distance(point({latitude: a.latitude, longitude: a.longitude}), point({latitude: b.latitude, longitude: b.longitude})) < 50000
RETURN b.name

// Internal ids of partners
// refused: id() in a result is not portable
MATCH (p:Partner {country: 'CH'}) RETURN id(p) AS node, p.name ORDER BY p.name

// Different buyers of the same document
// refused: < on elementId() OF A NODE is not portable
MATCH (a)-[r:SUPPLIED]->(b), (a)-[s:SUPPLIED]->(c)
WHERE r.document = s.document AND elementId(b) < elementId(c)
RETURN r.document, a.id

// Nobody sells the same serial twice on a day
MATCH (a)-[h:HANDED_OVER]->(b), (a)-[g:HANDED_OVER]->(c) WHERE h.serial = g.serial AND b <> c RETURN h.serial, a.id, b.id, c.id

// Who approves? Approvals used by more than one seller
MATCH (s)-[r:SUPPLIED]->() WHERE r.approval IS NOT NULL
WITH r.approval AS approval, collect(DISTINCT s.name) AS sellers WHERE size(sellers) > 1
RETURN approval, sellers

// Three nearest ways to a customer
// refused: SHORTEST 3 without an upper bound
MATCH p = SHORTEST 3 (v:Vendor {id: 'V1'})-[:SUPPLIED]->+(e:EndUser {id: 'E000001'}) RETURN [n IN nodes(p) | n.id] AS way, length(p) AS hops

// Chains in which each line is large
MATCH (v:Vendor) ((a)-[r:SUPPLIED WHERE r.quantity > 500]->(b)){1,3} (x:Partner) RETURN v.id, x.id, count(*) AS chains

// Chains of one seller role
// refused: The variable 'b' is unknown
MATCH (v:Vendor)((a)-[r:SUPPLIED]->(b:Partner) WHERE b.country = 'DE'){2} RETURN v.id AS v, last(b).id AS partner, count(*) AS n

// Days between the first and the last line of a pair
MATCH (a:Partner)-[r:SUPPLIED]->(b:Partner)
WITH a, b, min(r.shipped_on) AS first, max(r.shipped_on) AS last, count(*) AS n WHERE n > 5
RETURN a.id AS a, b.id AS b, duration.inDays(first, last).days AS days ORDER BY days DESC, a, b LIMIT 10

// Average gap between the lines of a partner
MATCH (p:Partner {id: 'P00010'})-[r:SUPPLIED]->()
WITH r.shipped_on AS day ORDER BY day
WITH collect(day) AS days
RETURN avg(0) AS zero, size(days) AS lines, [i IN range(1, size(days) - 1) | duration.inDays(days[i - 1], days[i]).days] AS gaps

// End users bought from a seller who is not certified on that day
MATCH (s:Partner)-[r:SUPPLIED]->(e:EndUser)
OPTIONAL MATCH (s)-[c:CERTIFIED_BY]->() WHERE c.valid_from <= r.shipped_on AND c.valid_to >= r.shipped_on
WITH s, r, e, count(c) AS certificates WHERE certificates = 0
RETURN s.id, e.id, r.shipped_on ORDER BY r.shipped_on, r.id

// Does any partner sell to itself?
MATCH (p:Partner)-[r:SUPPLIED]->(p) RETURN count(r) AS loops

// Partners with the same name
MATCH (a:Partner), (b:Partner) WHERE a.name = b.name AND a.id < b.id RETURN a.id, b.id, a.name

// Names that occur more than once
MATCH (p:Party) WITH toLower(replace(p.name, '.', '')) AS name, collect(p.id) AS ids WHERE size(ids) > 1 RETURN name, size(ids) AS n ORDER BY n DESC, name LIMIT 10

// How many lines, parties and products are there in all?
MATCH (p:Party) WITH count(p) AS parties MATCH ()-[r:SUPPLIED]->() WITH parties, count(r) AS lines, count(DISTINCT r.product_id) AS products RETURN parties, lines, products

// Lines above ten times the mean of their product
MATCH ()-[r:SUPPLIED]->() WITH r.product_id AS product, avg(r.quantity) AS mean
MATCH (a)-[s:SUPPLIED {product_id: product}]->(b) WHERE s.quantity > 10 * mean
RETURN product, count(*) AS lines ORDER BY lines DESC, product

// Sales per employee
MATCH (p:Partner)-[r:SUPPLIED]->() WHERE p.employees > 0
WITH p, sum(r.amount) AS revenue
RETURN p.id AS partner, revenue / p.employees AS per_head ORDER BY per_head DESC LIMIT 10

// Program of partners for whom
MATCH (p:Partner)-[r:RUNS]->(g:Program) RETURN g.id AS program, coalesce(r.audience, 'all') AS audience, count(DISTINCT p) AS partners ORDER BY program, audience

// Is there a distributor in every country with customers?
MATCH (e:EndUser) WITH DISTINCT e.country AS country
RETURN country, EXISTS { MATCH (p:Partner)-[:CERTIFIED_BY {role: 'distributor'}]->() WHERE p.country = country } AS served ORDER BY country

// Top five partners of each region by what they sold there in the last year
MATCH (p:Partner)-[s:SUPPLIED]->(e:EndUser)-[:LOCATED_IN]->(:City)-[:WITHIN]->(r:Region)
WHERE s.shipped_on >= date('2015-06-30') - duration('P1Y')
WITH r, p, sum(s.amount) AS revenue
ORDER BY r.name, revenue DESC
WITH r, collect({partner: p.name, revenue: revenue})[..5] AS best
UNWIND best AS one
RETURN r.name AS region, one.partner AS partner, one.revenue AS revenue

// Growth of each country over the year before, with no division by zero
MATCH (p:Partner)-[s:SUPPLIED]->()
WITH p.country AS country, s.shipped_on.year AS y, sum(s.amount) AS turnover
WITH country, sum(CASE y WHEN 2014 THEN turnover END) AS last, sum(CASE y WHEN 2015 THEN turnover END) AS this
RETURN country, last, this, CASE last WHEN 0 THEN null ELSE round((this - last) / last * 100, 1) END AS pct
ORDER BY pct DESC

// Partners without a sale for 90 days before a day
WITH date('2015-06-30') AS today
MATCH (p:Partner)
WHERE p.terminated_on > today
OPTIONAL MATCH (p)-[s:SUPPLIED]->()
WITH p, today, max(s.shipped_on) AS last
WHERE last IS NULL OR last < today - duration({days: 90})
RETURN p.id, p.name, coalesce(toString(last), 'never') AS last_sale

// Share of each distributor in what a reseller buys
MATCH (d:Partner)-[s:SUPPLIED {seller_role: 'distributor'}]->(r:Partner)
WITH r, d, sum(s.quantity) AS units
WITH r, collect({d: d.name, units: units}) AS parts, sum(units) AS total
UNWIND parts AS part
WITH r, part, total, 100.0 * part.units / total AS share
WHERE share >= 80
RETURN r.name AS reseller, part.d AS distributor, round(share) AS share ORDER BY share DESC, reseller

// Serial numbers seen at two end users
MATCH (:Party)-[a:HANDED_OVER]->(x:EndUser), (:Party)-[b:HANDED_OVER]->(y:EndUser)
WHERE a.serial = b.serial AND elementId(x) <> elementId(y)
RETURN DISTINCT a.serial AS serial

// Serial numbers with the parties they passed
MATCH (a)-[h:HANDED_OVER]->(b)
WITH h.serial AS serial, collect(DISTINCT b.id) AS holders, min(h.shipped_on) AS first, count(*) AS moves
WHERE moves >= 2
RETURN serial, holders, first, moves ORDER BY moves DESC LIMIT 100

// Resellers of the second degree of one distributor
MATCH (d:Partner {id: 'P00001'})-[:SUPPLIED]->(first:Partner)-[:SUPPLIED]->(second:Partner)
WHERE NOT (d)-[:SUPPLIED]->(second) AND second <> d
RETURN DISTINCT second.id AS id, second.name AS name, count(DISTINCT first) AS through

// Pareto: how many partners make four fifths of the revenue?
MATCH (p:Partner)-[s:SUPPLIED]->()
WITH p, sum(s.amount) AS revenue ORDER BY revenue DESC
WITH collect(revenue) AS each, sum(revenue) AS total
WITH each, total, [i IN range(0, size(each) - 1) WHERE reduce(t = 0.0, r IN each[0..i] | t + r) < 0.8 * total] AS needed
RETURN size(needed) AS partners, size(each) AS many

// Quarterly revenue as columns
MATCH (p:Partner)-[s:SUPPLIED]->()
WHERE s.shipped_on.year = 2015
RETURN p.country AS country,
  sum(CASE WHEN s.shipped_on.quarter = 1 THEN s.amount ELSE 0.0 END) AS q1,
  sum(CASE WHEN s.shipped_on.quarter = 2 THEN s.amount ELSE 0.0 END) AS q2,
  sum(CASE WHEN s.shipped_on.quarter IN [3, 4] THEN s.amount ELSE 0.0 END) AS rest
ORDER BY country

// Month names
MATCH ()-[s:SUPPLIED]->()
WITH s.shipped_on.month AS m, count(*) AS lines
RETURN ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][m - 1] AS month, lines ORDER BY m

// Certificates that end this quarter, by issuer
MATCH (h)-[c:CERTIFIED_BY]->(i)
WHERE date.truncate('quarter', c.valid_to) = date.truncate('quarter', date('2015-06-30'))
RETURN i.name AS issuer, collect(h.name + ' (' + c.role + ')') AS expiring

// New logos: end users that bought for the first time in 2015
MATCH (e:EndUser)<-[s:SUPPLIED]-()
WITH e, min(s.shipped_on) AS first
WHERE first.year = 2015
RETURN first.month AS month, count(e) AS new_customers ORDER BY month

// Churned customers: bought in 2014, not in 2015
MATCH (e:EndUser)<-[s:SUPPLIED]-()
WITH e, collect(DISTINCT s.shipped_on.year) AS years
WHERE 2014 IN years AND NOT 2015 IN years
RETURN count(*) AS churned

// Both years, as a label
MATCH (e:EndUser)
WITH e, EXISTS { (e)<-[s:SUPPLIED]-() WHERE s.shipped_on.year = 2014 } AS before, EXISTS { (e)<-[s:SUPPLIED]-() WHERE s.shipped_on.year = 2015 } AS after
RETURN CASE WHEN before AND after THEN 'kept' WHEN before THEN 'lost' WHEN after THEN 'won' ELSE 'none' END AS state, count(*) AS n

// Largest line per partner, with its buyer
MATCH (p:Partner)-[s:SUPPLIED]->(b)
WITH p, s, b ORDER BY s.amount DESC
WITH p, head(collect(s)) AS top, head(collect(b.name)) AS buyer
RETURN p.name AS partner, top.amount AS amount, top.shipped_on AS day, buyer LIMIT 25

// Average order size by segment, only segments with enough lines
MATCH (:Partner)-[s:SUPPLIED]->(e:EndUser)
WITH coalesce(e.segment, 'n/a') AS segment, avg(s.amount) AS mean, count(s) AS n
WHERE n >= 50
RETURN segment, round(mean, 2) AS mean, n ORDER BY mean DESC

// Product families per partner as one text
MATCH (p:Partner {country: 'FR'})-[s:SUPPLIED]->()
MATCH (q:Product {id: s.product_id})
WITH p, q.family AS family ORDER BY family
WITH p, collect(DISTINCT family) AS families
RETURN p.name, reduce(text = '', f IN families | text + CASE text WHEN '' THEN '' ELSE ', ' END + f) AS families

// Deal registrations used on one day by two sellers
MATCH (a:Party)-[r:SUPPLIED]->(), (b:Party)-[s:SUPPLIED]->()
WHERE r.approval = s.approval AND r.shipped_on = s.shipped_on AND a.id < b.id
RETURN r.approval AS approval, a.id AS one, b.id AS other, count(*) AS n

// Deliveries that went to another country than the buyer's
MATCH (s:Partner)-[l:SUPPLIED]->(b:EndUser)
MATCH (c:City {id: l.ship_to_city_id})-[:WITHIN]->(r:Region)
WHERE r.country <> b.country
RETURN s.id AS seller, b.id AS buyer, b.country AS home, r.country AS went_to, l.shipped_on AS day ORDER BY day

// Grey market: sold to a partner in another country below the mean price
MATCH ()-[r:SUPPLIED]->(:EndUser)
WITH r.product_id AS product, avg(r.amount / r.quantity) AS normal
MATCH (a:Partner)-[s:SUPPLIED {product_id: product}]->(b:Partner)
WHERE a.country <> b.country AND s.amount / s.quantity < 0.7 * normal
RETURN a.name, b.name, product, s.quantity, round(s.amount / s.quantity, 2) AS price, round(normal, 2) AS normal

// Hops from the vendor for each end user that bought in June
MATCH (e:EndUser)<-[s:SUPPLIED]-(p:Partner)
WHERE date('2015-06-01') <= s.shipped_on < date('2015-07-01')
WITH DISTINCT p, e
OPTIONAL MATCH path = shortestPath((v:Vendor)-[:SUPPLIED*..4]->(p))
RETURN e.id AS customer, p.id AS partner, min(length(path)) + 1 AS hops

// Nobody between: direct sales of the vendor
MATCH (v:Vendor)-[s:SUPPLIED]->(e:EndUser)
RETURN v.name, e.name, sum(s.amount) AS amount ORDER BY amount DESC

// Round trips of goods
MATCH path = (a:Partner)-[:SUPPLIED*2..4]->(a)
WHERE all(r IN relationships(path) WHERE r.product_id = relationships(path)[0].product_id)
RETURN [n IN nodes(path) | n.id] AS way, length(path) AS n LIMIT 20

// Ways by which one product reached one customer in time order
MATCH p = (v:Vendor)-[:SUPPLIED*1..4]->(e:EndUser {id: 'E000010'})
WITH p, relationships(p) AS rs
WHERE all(i IN range(0, size(rs) - 2) WHERE rs[i].shipped_on <= rs[i + 1].shipped_on AND rs[i].product_id = rs[i + 1].product_id)
RETURN [r IN rs | r.shipped_on] AS days, [n IN nodes(p) | n.name] AS way LIMIT 5

// The two nearest ways from the vendor, by length
MATCH p = SHORTEST 2 GROUPS (v:Vendor)-[s:SUPPLIED]->{1,4}(e:EndUser {id: 'E000010'})
RETURN length(p) AS hops, count(*) AS ways ORDER BY hops

// Are there two partners at the same address?
// refused: < on id() OF A NODE
MATCH (a:Partner)-[:LOCATED_IN]->(c:City)<-[:LOCATED_IN]-(b:Partner)
WHERE id(a) < id(b) AND a.group_id = b.group_id
RETURN c.name, a.name, b.name

// Number of distinct buyers, by id
MATCH (p:Partner)-[:SUPPLIED]->(b)
RETURN p.name AS partner, count(DISTINCT id(b)) AS buyers ORDER BY buyers DESC, partner LIMIT 10

// Partners whose home region they may not sell in
MATCH (p:Partner)-[:LOCATED_IN]->(:City)-[:WITHIN]->(home:Region)
WHERE NOT EXISTS { (p)-[:AUTHORIZED_IN]->(:Region)<-[:PART_OF*0..]-(home) }
RETURN p.id, home.name

// Authorised in how many regions, and of what demand?
MATCH (p:Partner)-[a:AUTHORIZED_IN]->(r:Region)
WHERE a.valid_from <= date('2015-06-30') <= a.valid_to
RETURN p.name AS partner, count(DISTINCT r) AS regions, sum(r.demand) AS demand ORDER BY demand DESC LIMIT 10

// White space: regions with demand but no sale
MATCH (r:Region) WHERE r.demand > 0
OPTIONAL MATCH (r)<-[:WITHIN]-(:City)<-[:LOCATED_IN]-(:EndUser)<-[s:SUPPLIED]-()
WITH r, count(s) AS lines WHERE lines = 0
RETURN r.id, r.name, r.demand ORDER BY r.demand DESC

// Targets missed by more than a fifth
MATCH (p:Partner)-[t:PROMISED]->(r:Region)
OPTIONAL MATCH (p)-[s:SUPPLIED]->(:EndUser)-[:LOCATED_IN]->(:City)-[:WITHIN]->(r)
WHERE t.period_start <= s.shipped_on <= t.period_end AND s.currency = t.currency
WITH p, r, t, coalesce(sum(s.amount), 0.0) AS sold
WHERE sold < 0.8 * t.amount
RETURN p.name AS partner, r.name AS region, t.amount AS target, sold, round(100 * sold / t.amount) AS percent

// Correlation of size and revenue: buckets of ten employees
MATCH (p:Partner) WHERE p.employees IS NOT NULL
OPTIONAL MATCH (p)-[s:SUPPLIED]->()
WITH p, sum(s.amount) AS revenue
RETURN p.employees / 10 * 10 AS bucket, count(p) AS partners, avg(revenue) AS mean ORDER BY bucket

// Top and bottom in one answer
CALL {
  MATCH (p:Partner)-[s:SUPPLIED]->() RETURN p.name AS partner, sum(s.amount) AS revenue ORDER BY revenue DESC LIMIT 3
  UNION
  MATCH (p:Partner)-[s:SUPPLIED]->() RETURN p.name AS partner, sum(s.amount) AS revenue ORDER BY revenue ASC LIMIT 3
}
RETURN partner, revenue ORDER BY revenue DESC

// Weeks in which a partner sold nothing
MATCH (p:Partner {id: 'P00010'})-[s:SUPPLIED]->()
WHERE s.shipped_on.year = 2015
WITH collect(DISTINCT s.shipped_on.week) AS weeks
RETURN [w IN range(1, 26) WHERE NOT w IN weeks] AS silent

// Documents with lines to more than one buyer
MATCH (a)-[s:SUPPLIED]->(b)
WHERE s.document IS NOT NULL
WITH a.id AS seller, s.document AS document, count(DISTINCT b.id) AS buyers, collect(DISTINCT b.name)[0..3] AS some
WHERE buyers > 1
RETURN * ORDER BY buyers DESC, seller, document

// Neighbours with one of several names, in any case
MATCH (p:Partner)
WHERE any(word IN ['systems', 'data', 'net'] WHERE toLower(p.name) CONTAINS word)
RETURN p.name, [word IN split(p.name, ' ') WHERE size(word) > 3] AS long_words ORDER BY p.name LIMIT 10

// Survey scores over the years
MATCH (a:Partner)-[r:RATED]->(d:Partner)
WITH d, r.answered_on.year AS year, round(avg(r.score), 1) AS score, count(*) AS answers
ORDER BY year
RETURN d.name AS distributor, collect(year + ': ' + score) AS history

// Sum of both currencies in one map
MATCH (p:Partner)-[s:SUPPLIED]->()
WHERE s.currency IS NOT NULL
WITH p, s.currency AS currency, sum(s.amount) AS amount
RETURN p.id AS partner, collect({currency: currency, amount: amount}) AS totals LIMIT 10

// Days since the last certificate of each role
// refused: a duration as a value
MATCH (p:Partner)-[c:CERTIFIED_BY]->()
RETURN c.role AS role, duration.between(max(c.valid_from), date('2015-06-30')) AS since

// Change of units from month to month, per distributor
MATCH (v:Vendor)-[s:SUPPLIED]->(d:Partner)
WITH d, date.truncate('month', s.shipped_on) AS month, sum(s.quantity) AS units
ORDER BY d.id, month
WITH d, collect({month: month, units: units}) AS series
UNWIND range(1, size(series) - 1) AS i
RETURN d.name AS distributor, series[i].month AS month, series[i].units AS units,
       series[i].units - series[i-1].units AS change
ORDER BY distributor, month

// How concentrated are the customers of each distributor?
MATCH (d:Partner)-[s:SUPPLIED]->(c:Party)
WHERE s.seller_role = 'distributor' AND s.amount IS NOT NULL
WITH d, c, sum(s.amount) AS spent
WITH d, collect(spent) AS amounts, sum(spent) AS total
WHERE total > 0
RETURN d.name AS distributor, reduce(h = 0.0, a IN amounts | h + (a / total) ^ 2) AS hhi
ORDER BY hhi DESC

// Partners by size of their share, with the running total
MATCH (p:Partner)-[s:SUPPLIED]->(:EndUser)
WITH p, sum(s.quantity) AS units
ORDER BY units DESC, p.id
WITH collect({name: p.name, units: units}) AS ranked, sum(units) AS total
UNWIND range(0, size(ranked) - 1) AS i
WITH ranked[i].name AS name, ranked[i].units AS units, total,
     reduce(acc = 0, r IN ranked[0..i+1] | acc + r.units) AS running
RETURN name, units, 100.0 * running / total AS cumulative_share
ORDER BY cumulative_share

// Gaps between two certificates of one role
MATCH (p:Partner)-[c:CERTIFIED_BY]->(:Party)
WITH p, c.role AS role, c ORDER BY c.valid_from
WITH p, role, collect(c) AS certs
WHERE size(certs) > 1
UNWIND range(0, size(certs) - 2) AS i
WITH p, role, certs[i] AS earlier, certs[i + 1] AS later
WHERE later.valid_from > earlier.valid_to + duration({days: 1})
RETURN p.name, role, earlier.valid_to AS lapsed, later.valid_from AS renewed, duration.inDays(earlier.valid_to, later.valid_from).days - 1 AS gap_days
ORDER BY gap_days DESC

// Cohorts by quarter of the first sale, and how many still sell
MATCH (p:Partner)-[s:SUPPLIED]->(e:EndUser)
WITH p, date.truncate('quarter', min(s.shipped_on)) AS cohort
WITH cohort, collect(p) AS members
UNWIND members AS m
MATCH (m)-[t:SUPPLIED]->(:EndUser)
WITH cohort, size(members) AS cohort_size, duration.inMonths(cohort, t.shipped_on).months / 3 AS quarter_no, count(DISTINCT m) AS active
RETURN cohort, cohort_size, quarter_no, active, 1.0 * active / cohort_size AS retention
ORDER BY cohort, quarter_no

// Lines into a region for which the seller has no authorization
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:Party)
WHERE s.destination_id IS NOT NULL
MATCH (city:City {id: s.destination_id})-[:WITHIN]->(r:Region)
WITH seller, s, buyer, collect(r) AS regions
WHERE none(r IN regions WHERE (seller)-[:AUTHORIZED_IN]->(r))
RETURN seller.name, buyer.name, s.id, s.shipped_on

// Lines that are three deviations larger than usual
MATCH (p:Partner)-[s:SUPPLIED]->(c)
WITH p, avg(s.quantity) AS mean, stDev(s.quantity) AS sd
MATCH (p)-[big:SUPPLIED]->(b)
WHERE big.quantity > mean + 3 * sd
RETURN p.name AS seller, b.name AS buyer, big.id AS line, big.quantity AS qty, round((big.quantity - mean) / sd, 2) AS z
ORDER BY z DESC

// Best seller of each country
MATCH (p:Partner)-[s:SUPPLIED]->(:EndUser)
WITH p.country AS country, p, sum(s.amount) AS revenue
ORDER BY country, revenue DESC
WITH country, collect({partner: p.name, revenue: revenue})[0] AS best
RETURN country, best.partner AS partner, best.revenue AS revenue

// Moving average of four weeks
MATCH ()-[s:SUPPLIED]->()
WITH date.truncate('week', s.shipped_on) AS week, sum(s.quantity) AS units
ORDER BY week
WITH collect(week) AS weeks, collect(units) AS units
UNWIND range(3, size(units) - 1) AS i
RETURN weeks[i] AS week, reduce(t = 0, u IN units[i-3..i+1] | t + u) / 4.0 AS moving_average

// Partners that lack a capability of their role
MATCH (p:Partner)-[c:CERTIFIED_BY]->(), (r:Role {id: c.role})-[:MUST_OFFER]->(cap:Capability)
WHERE c.valid_to >= date('2015-06-30') AND NOT (p)-[:OFFERS]->(cap)
RETURN p.name AS partner, collect(DISTINCT cap.id) AS missing
ORDER BY size(missing) DESC

// Cities within 50 km of each other
MATCH (c1:City), (c2:City)
WHERE c1.id < c2.id
WITH c1, c2, point.distance(point({latitude: c1.latitude, longitude: c1.longitude}), point({latitude: c2.latitude, longitude: c2.longitude})) / 1000 AS km
WHERE km < 50
RETURN c1.name, c2.name, round(km) AS km ORDER BY km

// Cities within 100 km of one, by the formula
MATCH (c1:City {name: 'Berlin'}), (c2:City)
WITH c2, 6371 * acos(sin(radians(c1.latitude)) * sin(radians(c2.latitude)) + cos(radians(c1.latitude)) * cos(radians(c2.latitude)) * cos(radians(c2.longitude - c1.longitude))) AS km
WHERE km < 100
RETURN c2.name, round(km, 1) AS km ORDER BY km

// First and last day of sale, sorted by an extension
// refused: apoc.coll.sort() is not portable
MATCH (p:Partner)-[s:SUPPLIED]->(b)
WITH p, collect(s.shipped_on) AS days
WITH p, apoc.coll.sort(days) AS days
RETURN p.name, days[0], days[-1]

// Longest silence of each partner
MATCH (p:Partner)-[s:SUPPLIED]->(:Party)
WITH p, s.shipped_on AS day ORDER BY p.id, day
WITH p, collect(DISTINCT day) AS days
WITH p, [i IN range(1, size(days) - 1) | duration.inDays(days[i-1], days[i]).days] AS gaps
WHERE size(gaps) > 0
RETURN p.name AS partner, reduce(m = 0, g IN gaps | CASE WHEN g > m THEN g ELSE m END) AS longest_silence
ORDER BY longest_silence DESC LIMIT 15

// Partners whose largest customer is nearly all they have
MATCH (p:Partner)-[s:SUPPLIED]->(e:EndUser)
WITH p, e, sum(s.amount) AS amount
WITH p, max(amount) AS biggest, sum(amount) AS total
WHERE total > 0 AND biggest / total > 0.8
RETURN p.name AS partner, round(100 * biggest / total) AS share_of_largest

// What is spent in each industry
MATCH (e:EndUser)
WITH e.industry_id AS industry, collect(e) AS customers
CALL {
  WITH customers
  UNWIND customers AS c
  MATCH (c)<-[s:SUPPLIED]-()
  RETURN sum(s.amount) AS spend
}
RETURN industry, size(customers) AS n, spend ORDER BY spend DESC

// How long units are in the channel
// refused: a duration as a value is not portable
MATCH (x)-[h:HANDED_OVER]->(y) WITH h.serial AS serial, min(h.shipped_on) AS first, max(h.shipped_on) AS last, count(*) AS n RETURN serial, n, duration.between(first, last) AS time_in_channel ORDER BY n DESC

// Average days in the channel
MATCH (x)-[h:HANDED_OVER]->(y) WITH h.serial AS serial, duration.inDays(min(h.shipped_on), max(h.shipped_on)) AS d RETURN avg(d.days) AS avg_days

// Partners with like customers
MATCH (p:Partner)-[:SUPPLIED]->(e:EndUser) WITH p, collect(DISTINCT e.id) AS es MATCH (q:Partner)-[:SUPPLIED]->(f:EndUser) WHERE p.id < q.id WITH p, q, es, collect(DISTINCT f.id) AS fs WITH p, q, size([x IN es WHERE x IN fs]) AS inter, size(es) + size(fs) AS tot WHERE inter > 0 RETURN p.name, q.name, 1.0 * inter / (tot - inter) AS jaccard ORDER BY jaccard DESC LIMIT 10

// Regions with none below them
MATCH (r:Region) OPTIONAL MATCH (r)<-[:PART_OF]-(c:Region) WITH r, collect(c.name) AS children RETURN r.name, children, CASE WHEN children = [] THEN 'leaf' ELSE 'inner' END AS kind

// Customers nobody else serves, by partner
MATCH (p:Partner)-[:SUPPLIED]->(e:EndUser)
WITH p, collect(DISTINCT e) AS customers
RETURN p.name AS partner, size([e IN customers WHERE COUNT { MATCH (o:Partner)-[:SUPPLIED]->(e) RETURN DISTINCT o } = 1]) AS own, size(customers) AS customers
ORDER BY own DESC, partner

// Rank of each partner
MATCH (p:Partner)-[s:SUPPLIED]->(:EndUser)
WITH p.name AS partner, sum(s.quantity) AS q
WITH collect({partner: partner, q: q}) AS rows
UNWIND rows AS r
RETURN r.partner AS partner, r.q AS q, size([x IN rows WHERE x.q > r.q]) + 1 AS rank
ORDER BY rank, partner

// Certificates of one role that overlap
MATCH (a:Partner)-[x:CERTIFIED_BY]->(b)
WITH a, x.role AS role, x.valid_from AS from, x.valid_to AS to
MATCH (a)-[y:CERTIFIED_BY {role: role}]->()
WHERE y.valid_from > from AND y.valid_from <= to
RETURN a.name AS partner, role, from, to, y.valid_from AS overlapping_from

// Prices of a product that are less than half of the mean
MATCH (a)-[r:SUPPLIED]->(b), (p:Product) WHERE p.id = r.product_id
WITH p, a, r.amount / r.quantity AS unit
WITH p, avg(unit) AS mean, collect({seller: a.name, unit: unit}) AS offers
UNWIND offers AS o
WITH p, mean, o WHERE o.unit < 0.5 * mean
RETURN p.name AS product, o.seller AS seller, o.unit AS unit, mean
