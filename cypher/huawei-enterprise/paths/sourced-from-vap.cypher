// @name        Reseller sold what only value-added partners had supplied
// @section     3.2
// @severity    medium
// @message     {subject} sold to end user {object} what, as far as lines tell, value-added partners
//              alone had supplied to it: {quantity} units
// @population  (:Partner)-[s:SUPPLIED]->(:EndUser)
//              WHERE s.seller_role IN ['platinum', 'gold', 'silver', 'recognized']
//              AND s.shipped_on <= $as_of
//
// A tier-2 reseller buys from distributors; value-added partners sell to end users. When a reseller
// sells a product that, in the `window_days` before, nobody but value-added partners had supplied
// to it, the lines show no path for the goods except one that bypasses the distributor. The finding
// names the reseller that took part, and the end user who can tell what was delivered;
// `paths/diverted` names the value-added partner. Each sale is shown with the last purchase from
// each such partner.
//
// The lines prove the purchase and the sale. The reseller may have had the goods in stock for longer,
// so the finding says how sure it is that they are the same. As soon as anybody else supplied the
// product in that time, a return included, nothing is found. (Lines of one day are judged together,
// which keeps partners with thousands of lines quick.)
MATCH (vap:Partner)-[a:SUPPLIED]->(reseller:Partner)
WHERE a.seller_role = 'vap'
  AND a.buyer_role IN ['platinum', 'gold', 'silver', 'recognized']
WITH vap, reseller, a.product_id AS product, a.shipped_on AS bought_on, min(a.id) AS bought
MATCH (reseller)-[b:SUPPLIED]->(user:EndUser)
WHERE b.seller_role IN ['platinum', 'gold', 'silver', 'recognized']
  AND b.product_id = product
  AND bought_on <= b.shipped_on <= bought_on + duration({days: $window_days})
WITH vap, reseller, user, product, b.shipped_on AS day, bought_on, bought, collect(b.id) AS sales
ORDER BY bought_on DESC
WITH vap, reseller, user, product, day, head(collect(bought)) AS bought,
     head(collect(sales)) AS sales
WHERE NOT EXISTS { // nobody else had supplied it
    MATCH (:Party)-[c:SUPPLIED]->(reseller)
    WHERE c.seller_role <> 'vap'
      AND c.product_id = product
      AND day - duration({days: $window_days}) <= c.shipped_on <= day
  }
UNWIND sales AS sold
RETURN reseller.id AS subject, user.id AS object, [vap.id, reseller.id, user.id] AS path,
       [bought, sold] AS shipments, 1 AS broken_at, 'possible' AS certainty
