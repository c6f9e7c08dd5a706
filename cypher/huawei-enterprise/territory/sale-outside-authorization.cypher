// @name        Sale outside the seller's authorizations
// @section     3.3
// @severity    high
// @message     {subject} supplied end user {object} outside its authorized regions and industries:
//              {lines} lines, {quantity} units
// @population  (:Partner)-[s:SUPPLIED]->(:EndUser)
//              WHERE s.seller_role IN ['platinum', 'gold', 'silver'] AND s.shipped_on <= $as_of
//
// Platinum, gold and silver partners work the regions and industries that they are authorized for.
// An authorization covers a line when its region holds the destination and its industry is the end
// user's; one that names no region, or no industry, is open there. A destination or an industry
// that nobody recorded counts in the seller's favour, and the other part still decides. Where a line
// states no city of delivery, the end user's own city stands for it, as in all rules and reports: who
// delivers elsewhere has to say so. Sellers without any authorization on the day have a rule of their own.
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:EndUser)
WHERE s.seller_role IN ['platinum', 'gold', 'silver']
  AND EXISTS {
    MATCH (seller)-[a:AUTHORIZED_IN]->(:Region)
    WHERE a.valid_from <= s.shipped_on <= a.valid_to
  }
  AND NOT EXISTS { // one covers the destination, and the industry
    MATCH (:City {id: s.destination_id})-[:WITHIN]->(:Region)<-[a:AUTHORIZED_IN]-(seller)
    WHERE a.valid_from <= s.shipped_on <= a.valid_to
      AND (a.industry_id IS NULL OR buyer.industry_id IS NULL OR a.industry_id = buyer.industry_id)
  }
  AND NOT EXISTS { // the destination is unknown, and one covers the industry
    MATCH (seller)-[a:AUTHORIZED_IN]->(:Region)
    WHERE s.destination_id IS NULL
      AND a.valid_from <= s.shipped_on <= a.valid_to
      AND (a.industry_id IS NULL OR buyer.industry_id IS NULL OR a.industry_id = buyer.industry_id)
  }
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment,
       s.destination_id AS destination, buyer.industry_id AS industry
