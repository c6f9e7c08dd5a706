// What was sold by the vendor, returned to it, and sold to end users from $since to $as_of.
// The market is the country of the city of delivery: that of its region, else the first in the
// alphabet of the regions around it. Where there is none, it is that of the vendor's counterpart or of
// the end user. Amounts are added in ten-thousandths, which is exact.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE $since <= s.shipped_on <= $as_of
  AND (s.seller_role = 'vendor' OR s.buyer_role IN ['vendor', 'end_user'])
WITH s.seller_role AS seller_role, s.buyer_role AS buyer_role, s.destination_id AS city_id,
     CASE WHEN s.buyer_role = 'vendor' THEN seller.country ELSE buyer.country END AS seat,
     s.currency AS currency, count(*) AS lines, count(s.amount) AS priced,
     sum(toInteger(round(s.amount * 10000))) AS amount
OPTIONAL MATCH (city:City {id: city_id})-[:WITHIN]->(region:Region)
WITH seller_role, buyer_role, city_id, seat, currency, lines, priced, amount,
     min(CASE WHEN region.id = city.region_id THEN region.country END) AS own,
     min(region.country) AS outer
WITH seller_role, buyer_role, coalesce(own, outer, seat) AS market, currency, lines, priced, amount
RETURN seller_role, buyer_role, market, currency, sum(lines) AS lines, sum(priced) AS priced,
       sum(amount) AS amount
