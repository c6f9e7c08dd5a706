-- The scan as one would write it by hand for DuckDB: read the files, derive roles, find what the shipped
-- rules find. `make bench` runs it beside graphchannel and compares both the findings and the time.
-- {folder} is the dataset, {suffix} csv or parquet, {as_of} the day of the scan.

-- step: load
CREATE TABLE vendors AS FROM '{folder}/vendors.{suffix}';
CREATE TABLE regions AS FROM '{folder}/regions.{suffix}';
CREATE TABLE cities AS FROM '{folder}/cities.{suffix}';
CREATE TABLE products AS FROM '{folder}/products.{suffix}';
CREATE TABLE partners AS
  SELECT * REPLACE (coalesce(joined_on::DATE, DATE '0001-01-01') AS joined_on,
                    coalesce(terminated_on::DATE, DATE '9999-12-31') AS terminated_on)
  FROM '{folder}/partners.{suffix}';
CREATE TABLE end_users AS FROM '{folder}/end_users.{suffix}';
CREATE TABLE certifications AS
  SELECT * REPLACE (coalesce(valid_to::DATE, DATE '9999-12-31') AS valid_to)
  FROM '{folder}/certifications.{suffix}';
CREATE TABLE authorizations AS
  SELECT * REPLACE (coalesce(valid_to::DATE, DATE '9999-12-31') AS valid_to)
  FROM '{folder}/authorizations.{suffix}';
CREATE TABLE branches AS
  SELECT * REPLACE (coalesce(opened_on::DATE, DATE '0001-01-01') AS opened_on,
                    coalesce(closed_on::DATE, DATE '9999-12-31') AS closed_on)
  FROM '{folder}/branches.{suffix}';
CREATE TABLE capabilities AS
  SELECT * REPLACE (coalesce(valid_to::DATE, DATE '9999-12-31') AS valid_to)
  FROM '{folder}/capabilities.{suffix}';
CREATE TABLE programs AS
  SELECT * REPLACE (coalesce(valid_to::DATE, DATE '9999-12-31') AS valid_to)
  FROM '{folder}/programs.{suffix}';
CREATE TABLE targets AS FROM '{folder}/targets.{suffix}';
CREATE TABLE surveys AS FROM '{folder}/surveys.{suffix}';
CREATE TABLE lines AS FROM '{folder}/shipments.{suffix}';

-- step: derive
CREATE TABLE role_order AS
  SELECT * FROM (VALUES ('distributor', 1, 1), ('vap', 2, 1), ('platinum', 3, 2), ('gold', 4, 2),
                        ('silver', 5, 2), ('recognized', 6, 2)) t(role, rank, tier);
CREATE TABLE within AS
  WITH RECURSIVE up(inner_id, region_id) AS (
    SELECT id, id FROM regions
    UNION ALL SELECT up.inner_id, r.parent_id FROM up JOIN regions r ON r.id = up.region_id
    WHERE r.parent_id IS NOT NULL)
  SELECT * FROM up;
CREATE TABLE city_within AS
  SELECT c.id AS city_id, w.region_id FROM cities c JOIN within w ON w.inner_id = c.region_id;
CREATE TABLE role_days AS
  -- for each partner, the days on which its certificates begin or end, and the first role held from there
  WITH held AS (
    SELECT holder_id, rank, valid_from, valid_to
    FROM certifications JOIN role_order USING (role)),
  turns AS (
    SELECT holder_id, valid_from AS day FROM held
    UNION SELECT holder_id, valid_to + 1 FROM held WHERE valid_to < DATE '9999-12-31')
  SELECT t.holder_id, t.day, min(h.rank) AS rank
  FROM turns t LEFT JOIN held h
    ON h.holder_id = t.holder_id AND t.day BETWEEN h.valid_from AND h.valid_to
  GROUP BY ALL;
CREATE TABLE roles_on AS
  SELECT d.holder_id, d.day, coalesce(o.role, 'uncertified') AS role
  FROM role_days d LEFT JOIN role_order o USING (rank);
CREATE TABLE parties AS
  SELECT id, 'vendor' AS fixed, NULL AS city_id FROM vendors
  UNION ALL SELECT id, 'end_user', city_id FROM end_users
  UNION ALL SELECT id, NULL, city_id FROM partners;
CREATE TABLE shipments AS
  SELECT l.*, coalesce(s.fixed, sr.role, 'uncertified') AS seller_role,
         coalesce(b.fixed, br.role, 'uncertified') AS buyer_role,
         coalesce(l.ship_to_city_id, b.city_id) AS destination_id
  FROM lines l
  JOIN parties s ON s.id = l.seller_id
  JOIN parties b ON b.id = l.buyer_id
  ASOF LEFT JOIN roles_on sr ON sr.holder_id = l.seller_id AND l.shipped_on >= sr.day
  ASOF LEFT JOIN roles_on br ON br.holder_id = l.buyer_id AND l.shipped_on >= br.day
  WHERE l.quantity > 0 AND l.seller_id <> l.buyer_id AND l.shipped_on <= DATE '{as_of}';
CREATE TABLE upstream AS
  SELECT * FROM (VALUES ('vendor', 0), ('distributor', 1), ('vap', 1), ('platinum', 2), ('gold', 2),
                        ('silver', 2), ('recognized', 2), ('end_user', 3)) t(role, tier);

-- step: rules
-- rule: supply/distributor-supplies-end-user
SELECT seller_id, buyer_id, id FROM shipments
WHERE seller_role = 'distributor' AND buyer_role = 'end_user';
-- rule: supply/vap-supplies-tier-two
SELECT seller_id, buyer_id, id FROM shipments
WHERE seller_role = 'vap' AND buyer_role IN ('platinum', 'gold', 'silver', 'recognized');
-- rule: supply/recognized-supplies-uncertified-end-user
SELECT seller_id, buyer_id, id FROM shipments s
WHERE seller_role = 'recognized' AND buyer_role = 'end_user' AND NOT EXISTS (
  FROM certifications c WHERE c.holder_id = s.buyer_id AND c.role = 'certified_end_user'
    AND s.shipped_on BETWEEN c.valid_from AND c.valid_to);
-- rule: supply/uncertified-seller
SELECT seller_id, buyer_id, id FROM shipments WHERE seller_role = 'uncertified';
-- rule: supply/uncertified-buyer
SELECT seller_id, buyer_id, id FROM shipments WHERE buyer_role = 'uncertified';
-- rule: supply/distributor-not-supplied-by-vendor
SELECT seller_id, buyer_id, id FROM shipments s
WHERE buyer_role = 'distributor' AND seller_role IN ('distributor', 'vap', 'uncertified')
  AND NOT (seller_role = 'uncertified' AND EXISTS (  -- back to who had supplied it first
    FROM shipments g WHERE g.seller_id = s.buyer_id AND g.buyer_id = s.seller_id
      AND g.product_id = s.product_id AND NOT EXISTS (
        FROM shipments e WHERE e.seller_id = s.seller_id AND e.buyer_id = s.buyer_id
          AND e.product_id = s.product_id AND e.shipped_on < g.shipped_on)));
-- rule: supply/outside-market-scope
SELECT s.seller_id, s.buyer_id, s.id FROM shipments s JOIN end_users e ON e.id = s.buyer_id
WHERE e.segment NOT IN ('industry', 'enterprise', 'commercial');
-- rule: supply/after-termination
SELECT s.seller_id, s.buyer_id, s.id FROM shipments s
LEFT JOIN partners p ON p.id = s.seller_id LEFT JOIN partners q ON q.id = s.buyer_id
LEFT JOIN upstream a ON a.role = s.seller_role LEFT JOIN upstream b ON b.role = s.buyer_role
WHERE (s.shipped_on > p.terminated_on OR s.shipped_on > q.terminated_on)
  AND NOT coalesce(a.tier > b.tier, false);
-- rule: supply/unlisted-pair
SELECT seller_id, buyer_id, id FROM shipments
WHERE 'uncertified' NOT IN (seller_role, buyer_role)
  AND NOT (seller_role = 'vendor' AND buyer_role IN ('distributor', 'vap'))
  AND NOT (seller_role IN ('distributor', 'vap')
           AND buyer_role IN ('platinum', 'gold', 'silver', 'recognized', 'end_user'))
  AND NOT (seller_role IN ('platinum', 'gold', 'silver', 'recognized') AND buyer_role = 'end_user');
-- rule: territory/sale-outside-authorization
SELECT s.seller_id, s.buyer_id, s.id FROM shipments s JOIN end_users e ON e.id = s.buyer_id
WHERE s.seller_role IN ('platinum', 'gold', 'silver')
  AND EXISTS (FROM authorizations a WHERE a.partner_id = s.seller_id
              AND s.shipped_on BETWEEN a.valid_from AND a.valid_to)
  AND NOT EXISTS (
    FROM authorizations a
    LEFT JOIN city_within w ON w.region_id = a.region_id AND w.city_id = s.destination_id
    WHERE a.partner_id = s.seller_id AND s.shipped_on BETWEEN a.valid_from AND a.valid_to
      AND (a.region_id IS NULL OR s.destination_id IS NULL OR w.city_id IS NOT NULL)
      AND (a.industry_id IS NULL OR e.industry_id IS NULL OR a.industry_id = e.industry_id));
-- rule: territory/no-authorization
SELECT s.seller_id, s.buyer_id, s.id FROM shipments s
WHERE s.seller_role IN ('platinum', 'gold', 'silver') AND s.buyer_role = 'end_user'
  AND NOT EXISTS (FROM authorizations a WHERE a.partner_id = s.seller_id
                  AND s.shipped_on BETWEEN a.valid_from AND a.valid_to);
-- rule: territory/distributor-outside-country
SELECT s.seller_id, s.buyer_id, s.id FROM shipments s
WHERE s.seller_role = 'distributor' AND s.destination_id IS NOT NULL
  AND s.buyer_role IN ('platinum', 'gold', 'silver', 'recognized')
  AND EXISTS (FROM authorizations a WHERE a.partner_id = s.seller_id AND a.region_id IS NOT NULL)
  AND NOT EXISTS (
    FROM authorizations a JOIN city_within w ON w.region_id = a.region_id
    WHERE a.partner_id = s.seller_id AND w.city_id = s.destination_id
      AND s.shipped_on BETWEEN a.valid_from AND a.valid_to);
-- rule: certification/buys-from-other-distributor
SELECT s.buyer_id, s.seller_id, s.id FROM shipments s
WHERE s.seller_role = 'distributor' AND s.buyer_role IN ('platinum', 'gold', 'silver', 'recognized')
  AND NOT EXISTS (
    FROM certifications c WHERE c.holder_id = s.buyer_id
      AND c.role IN ('platinum', 'gold', 'silver', 'recognized')
      AND s.shipped_on BETWEEN c.valid_from AND c.valid_to
      AND (c.issuer_id = s.seller_id OR c.issuer_id IN (SELECT id FROM vendors)));
-- rule: data/line-without-destination
SELECT seller_id, buyer_id, id FROM shipments
WHERE buyer_role = 'end_user' AND destination_id IS NULL;
-- rule: certification/distributor-and-vap
SELECT DISTINCT d.holder_id, NULL, NULL FROM certifications d JOIN certifications v
  ON v.holder_id = d.holder_id AND d.role = 'distributor' AND v.role = 'vap'
 AND d.valid_from <= v.valid_to AND v.valid_from <= d.valid_to;
-- rule: certification/distributor-and-vap-in-group
SELECT DISTINCT d.holder_id, v.holder_id, NULL
FROM certifications d JOIN partners p ON p.id = d.holder_id AND d.role = 'distributor'
JOIN partners q ON q.group_id = p.group_id AND q.id <> p.id
JOIN certifications v ON v.holder_id = q.id AND v.role = 'vap'
 AND d.valid_from <= v.valid_to AND v.valid_from <= d.valid_to;
-- rule: certification/tier-one-not-certified-by-vendor
SELECT DISTINCT holder_id, NULL, NULL FROM certifications
WHERE role IN ('distributor', 'vap') AND issuer_id NOT IN (SELECT id FROM vendors);
-- rule: certification/tier-two-not-certified-by-distributor
SELECT DISTINCT c.holder_id, NULL, NULL FROM certifications c
WHERE c.role IN ('platinum', 'gold', 'silver', 'recognized')
  AND c.issuer_id IN (SELECT id FROM partners) AND NOT EXISTS (
    FROM certifications d WHERE d.holder_id = c.issuer_id AND d.role = 'distributor'
      AND c.valid_from BETWEEN d.valid_from AND d.valid_to);
-- rule: obligations/missing-capability
WITH must(role, capability) AS (VALUES
  ('distributor', 'logistics'), ('distributor', 'financing'), ('distributor', 'technical_support'),
  ('distributor', 'service_support'), ('distributor', 'marketing'), ('distributor', 'branding'),
  ('vap', 'customer_platform'), ('vap', 'technical_support'), ('vap', 'solution_support'),
  ('vap', 'branding'), ('vap', 'system_integration'), ('vap', 'industry_consultancy'),
  ('platinum', 'customer_platform'), ('platinum', 'presales_support'),
  ('platinum', 'postsales_support'), ('platinum', 'branding'),
  ('gold', 'customer_platform'), ('gold', 'presales_support'), ('gold', 'postsales_support'),
  ('gold', 'branding'), ('silver', 'customer_platform'), ('silver', 'presales_support'),
  ('silver', 'postsales_support'), ('silver', 'branding'),
  ('recognized', 'presales_support'), ('recognized', 'branding'))
SELECT DISTINCT p.id, m.capability, NULL
FROM partners p JOIN certifications c ON c.holder_id = p.id JOIN must m ON m.role = c.role
WHERE p.terminated_on >= DATE '{as_of}' AND DATE '{as_of}' BETWEEN c.valid_from AND c.valid_to
  AND NOT EXISTS (FROM capabilities o WHERE o.partner_id = p.id AND o.capability = m.capability
                  AND DATE '{as_of}' BETWEEN o.valid_from AND o.valid_to);
-- rule: obligations/no-incentive-plan
SELECT DISTINCT p.id, NULL, NULL FROM partners p JOIN certifications c ON c.holder_id = p.id
WHERE c.role = 'distributor' AND p.terminated_on >= DATE '{as_of}'
  AND DATE '{as_of}' BETWEEN c.valid_from AND c.valid_to AND NOT EXISTS (
    FROM programs g WHERE g.partner_id = p.id AND g.kind = 'incentive'
      AND DATE '{as_of}' BETWEEN g.valid_from AND g.valid_to
      AND (g.audience IS NULL OR g.audience IN ('platinum', 'gold', 'silver', 'recognized')));
-- rule: obligations/no-marketing-plan
SELECT DISTINCT p.id, NULL, NULL FROM partners p JOIN certifications c ON c.holder_id = p.id
WHERE c.role = 'distributor' AND p.terminated_on >= DATE '{as_of}'
  AND DATE '{as_of}' BETWEEN c.valid_from AND c.valid_to AND NOT EXISTS (
    FROM programs g WHERE g.partner_id = p.id AND g.kind = 'marketing'
      AND DATE '{as_of}' BETWEEN g.valid_from AND g.valid_to);
-- rule: obligations/low-satisfaction
SELECT p.id, NULL, NULL FROM partners p JOIN surveys y ON y.subject_id = p.id
WHERE p.terminated_on >= DATE '{as_of}'
  AND y.answered_on > DATE '{as_of}' - INTERVAL 12 MONTH AND y.answered_on <= DATE '{as_of}'
  AND EXISTS (FROM certifications c WHERE c.holder_id = p.id AND c.role = 'distributor'
              AND DATE '{as_of}' BETWEEN c.valid_from AND c.valid_to)
GROUP BY p.id HAVING count(DISTINCT y.respondent_id) >= 5 AND avg(y.score) < 6;
-- rule: obligations/vap-without-industry
SELECT DISTINCT p.id, NULL, NULL FROM partners p JOIN certifications c ON c.holder_id = p.id
WHERE c.role = 'vap' AND p.terminated_on >= DATE '{as_of}'
  AND DATE '{as_of}' BETWEEN c.valid_from AND c.valid_to AND NOT EXISTS (
    FROM authorizations a WHERE a.partner_id = p.id AND a.industry_id IS NOT NULL
      AND DATE '{as_of}' BETWEEN a.valid_from AND a.valid_to);
-- rule: obligations/distributor-without-tier-two
SELECT DISTINCT p.id, NULL, NULL FROM partners p JOIN certifications c ON c.holder_id = p.id
WHERE c.role = 'distributor' AND p.terminated_on >= DATE '{as_of}'
  AND DATE '{as_of}' BETWEEN c.valid_from AND c.valid_to AND NOT EXISTS (
    FROM certifications t WHERE t.issuer_id = p.id
      AND t.role IN ('platinum', 'gold', 'silver', 'recognized')
      AND DATE '{as_of}' BETWEEN t.valid_from AND t.valid_to);
-- rule: obligations/no-sales-target
SELECT DISTINCT p.id, NULL, NULL FROM partners p JOIN certifications c ON c.holder_id = p.id
WHERE c.role IN ('vap', 'platinum', 'gold', 'silver') AND p.terminated_on >= DATE '{as_of}'
  AND DATE '{as_of}' BETWEEN c.valid_from AND c.valid_to AND NOT EXISTS (
    FROM targets t WHERE t.partner_id = p.id
      AND DATE '{as_of}' BETWEEN t.period_start AND t.period_end);
-- rule: coverage/region-without-tier-two
SELECT r.id, NULL, NULL FROM regions r
WHERE r.id NOT IN (SELECT parent_id FROM regions WHERE parent_id IS NOT NULL) AND NOT EXISTS (
  FROM within w JOIN authorizations a ON a.region_id = w.region_id
  JOIN partners p ON p.id = a.partner_id JOIN certifications c ON c.holder_id = p.id
  WHERE w.inner_id = r.id AND p.terminated_on >= DATE '{as_of}'
    AND c.role IN ('platinum', 'gold', 'silver', 'recognized')
    AND DATE '{as_of}' BETWEEN a.valid_from AND a.valid_to
    AND DATE '{as_of}' BETWEEN c.valid_from AND c.valid_to);
-- rule: coverage/key-city-without-branch
SELECT k.id, NULL, NULL FROM cities k
WHERE k.key_city AND NOT EXISTS (
  FROM city_within w JOIN authorizations a ON a.region_id = w.region_id
  JOIN partners p ON p.id = a.partner_id
  JOIN certifications c ON c.holder_id = p.id AND c.role = 'distributor'
  JOIN branches b ON b.partner_id = p.id AND b.city_id = k.id
  WHERE w.city_id = k.id AND p.terminated_on >= DATE '{as_of}'
    AND DATE '{as_of}' BETWEEN a.valid_from AND a.valid_to
    AND DATE '{as_of}' BETWEEN c.valid_from AND c.valid_to
    AND DATE '{as_of}' BETWEEN b.opened_on AND b.closed_on);
-- rule: coverage/distributor-missing-key-city
SELECT DISTINCT p.id, k.id, NULL FROM cities k JOIN city_within w ON w.city_id = k.id
JOIN authorizations a ON a.region_id = w.region_id JOIN partners p ON p.id = a.partner_id
JOIN certifications c ON c.holder_id = p.id AND c.role = 'distributor'
WHERE k.key_city AND p.terminated_on >= DATE '{as_of}'
  AND DATE '{as_of}' BETWEEN a.valid_from AND a.valid_to
  AND DATE '{as_of}' BETWEEN c.valid_from AND c.valid_to
  AND NOT EXISTS (FROM branches b WHERE b.partner_id = p.id AND b.city_id = k.id
                  AND DATE '{as_of}' BETWEEN b.opened_on AND b.closed_on);
-- rule: targets/missed
WITH due AS (
  SELECT *, row_number() OVER () AS n FROM targets
  WHERE period_end < DATE '{as_of}' AND currency IS NOT NULL),
sold AS (
  SELECT t.n, s.buyer_id, s.product_id, min(s.shipped_on) AS since, bool_or(s.amount IS NULL) AS unpriced,
         sum(s.amount) AS amount
  FROM due t JOIN shipments s ON s.seller_id = t.partner_id
   AND s.shipped_on BETWEEN t.period_start AND t.period_end AND (s.currency IS NULL OR s.currency = t.currency)
  LEFT JOIN end_users e ON e.id = s.buyer_id
  LEFT JOIN upstream a ON a.role = s.seller_role LEFT JOIN upstream b ON b.role = s.buyer_role
  WHERE CASE WHEN t.industry_id IS NOT NULL
        THEN e.id IS NOT NULL AND coalesce(e.industry_id, t.industry_id) = t.industry_id
        ELSE (a.tier > b.tier) IS NOT TRUE
         AND (s.destination_id IS NULL OR EXISTS (
           FROM city_within w WHERE w.city_id = s.destination_id AND w.region_id = t.region_id)) END
  GROUP BY ALL),
back AS (
  SELECT d.n, d.buyer_id, d.product_id, sum(r.amount) AS amount
  FROM sold d JOIN due t USING (n)
  JOIN shipments r ON r.seller_id = d.buyer_id AND r.buyer_id = t.partner_id AND r.product_id = d.product_id
   AND r.shipped_on BETWEEN d.since AND t.period_end AND r.currency = t.currency
  LEFT JOIN upstream a ON a.role = r.seller_role LEFT JOIN upstream b ON b.role = r.buyer_role
  WHERE t.industry_id IS NOT NULL OR a.tier > b.tier OR a.tier IS NULL OR b.tier IS NULL
     OR (a.tier = 0 AND b.tier = 2)
  GROUP BY ALL),
kept AS (
  SELECT d.n, bool_or(d.unpriced) AS unpriced, sum(greatest(d.amount - coalesce(b.amount, 0), 0)) AS amount
  FROM sold d LEFT JOIN back b USING (n, buyer_id, product_id) GROUP BY ALL)
SELECT t.partner_id, concat(t.region_id, t.industry_id, ' from ', t.period_start), NULL
FROM due t LEFT JOIN kept USING (n)
WHERE kept.unpriced IS NOT TRUE
  AND floor(coalesce(kept.amount, 0)::DOUBLE * 100 + 0.5) < floor(t.amount::DOUBLE * 100 + 0.5);
