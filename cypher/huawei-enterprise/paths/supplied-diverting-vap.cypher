// @name        Distributor had supplied a value-added partner that diverted goods
// @section     3.2
// @severity    info
// @message     {subject} supplied product {product} to {object}, which passed it on to tier-2
//              resellers; these sold {quantity} units of it to end users afterwards
// @identity    product
// @population  (:Partner)-[s:SUPPLIED]->(:Partner)
//              WHERE s.seller_role = 'distributor' AND s.shipped_on <= $as_of
//
// To find out how diverted goods got out, ask who had supplied the value-added partner. The finding
// names each distributor whose goods can have been among them. It convicts nobody: the distributor
// need not have known, and several, or the vendor, may have supplied the product. That the policy
// is silent on the first of the three hops is what `paths/unlisted-hop` reports.
//
// Each hop is on the day of the one before it or later, at most `window_days` after. The lines prove
// the three hops; the finding says how sure it is that the goods are the same. Each sale to an end
// user is shown once, after the last hand-over that it can have followed, and the last delivery
// before that. (Lines of one day are judged together, which keeps partners with thousands of lines
// quick.)
MATCH (vap:Partner)-[b:SUPPLIED]->(reseller:Partner)
WHERE b.seller_role = 'vap'
  AND b.buyer_role IN ['platinum', 'gold', 'silver', 'recognized']
WITH vap, reseller, b.product_id AS product, b.shipped_on AS day, min(b.id) AS passed
MATCH (distributor:Partner)-[a:SUPPLIED]->(vap)
WHERE a.seller_role = 'distributor'
  AND a.buyer_role = 'vap'
  AND a.product_id = product
  AND day - duration({days: $window_days}) <= a.shipped_on <= day
WITH distributor, vap, reseller, product, day, passed, a.shipped_on AS bought_on, min(a.id) AS first
ORDER BY bought_on DESC
WITH distributor, vap, reseller, product, day, passed, head(collect(first)) AS bought
MATCH (reseller)-[c:SUPPLIED]->(user:EndUser)
WHERE c.seller_role IN ['platinum', 'gold', 'silver', 'recognized']
  AND c.product_id = product
  AND day <= c.shipped_on <= day + duration({days: $window_days})
WITH distributor, vap, reseller, user, product, c, day, passed, bought
ORDER BY day DESC
WITH distributor, vap, reseller, user, product, c, head(collect(passed)) AS passed,
     head(collect(bought)) AS bought
RETURN distributor.id AS subject, vap.id AS object, product,
       [distributor.id, vap.id, reseller.id, user.id] AS path, [bought, passed, c.id] AS shipments,
       2 AS broken_at, 'possible' AS certainty
