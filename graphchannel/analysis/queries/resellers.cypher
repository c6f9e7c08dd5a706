// What each distributor sold to each partner in the period, by currency.
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:Partner)
WHERE $since <= s.shipped_on <= $as_of
  AND s.seller_role IN $distributing
RETURN seller.id AS seller, buyer.id AS buyer, s.currency AS currency,
       count(*) AS lines, sum(s.quantity) AS units, sum(toInteger(round(s.amount * 10000))) AS amount
