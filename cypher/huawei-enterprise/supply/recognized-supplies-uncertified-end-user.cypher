// @name        Recognized partner supplies an end user without certificate
// @section     3.4
// @severity    high
// @message     Recognized partner {subject} supplied end user {object}, which held no certificate
//              on the day: {lines} lines, {quantity} units
// @population  (:Partner)-[s:SUPPLIED]->(:EndUser)
//              WHERE s.seller_role = 'recognized' AND s.shipped_on <= $as_of
//
// Recognized partners serve the end users that were certified for them. The end user's certificate
// must hold on the day of the line; both its first and its last day count.
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:EndUser)
WHERE s.seller_role = 'recognized'
  AND NOT EXISTS {
    MATCH (buyer)-[c:CERTIFIED_BY]->(:Party)
    WHERE c.role = 'certified_end_user'
      AND c.valid_from <= s.shipped_on <= c.valid_to
  }
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
