// What each seller sold to end users in the period, by the region of the city of delivery and by
// currency. Amounts are whole ten-thousandths, which add up exactly in any order.
MATCH (seller:Party)-[s:SUPPLIED]->(:EndUser)
WHERE $since <= s.shipped_on <= $as_of
WITH seller.id AS seller, s.destination_id AS destination, s.currency AS currency,
     count(*) AS lines, sum(s.quantity) AS units, sum(toInteger(round(s.amount * 10000))) AS amount
OPTIONAL MATCH (city:City {id: destination})
RETURN seller, city.region_id AS region, currency,
       sum(lines) AS lines, sum(units) AS units, sum(amount) AS amount
