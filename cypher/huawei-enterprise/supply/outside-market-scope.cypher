// @name        Line to an end user outside the market scope
// @section     2.2
// @severity    low
// @message     {subject} supplied end user {object} of segment {segment}, out of scope: {lines}
//              lines, {quantity} units
// @population  ()-[s:SUPPLIED]->(buyer:EndUser)
//              WHERE buyer.segment IS NOT NULL AND s.shipped_on <= $as_of
//
// The enterprise channel serves the segments that the policy names (`segments`). An end user whose
// segment nobody recorded is not judged.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:EndUser)
WHERE buyer.segment IS NOT NULL
  AND NOT buyer.segment IN $segments
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment, buyer.segment AS segment
