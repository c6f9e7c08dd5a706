// @name        Sale by a partner without any authorization
// @section     3.3
// @severity    medium
// @message     {subject} supplied end user {object} while it held no authorization: {lines} lines,
//              {quantity} units
// @population  (:Partner)-[s:SUPPLIED]->(:EndUser)
//              WHERE s.seller_role IN ['platinum', 'gold', 'silver'] AND s.shipped_on <= $as_of
//
// Platinum, gold and silver partners sell within an authorized region or industry. One that holds
// no authorization on the day may just be missing from the records, so this weighs less than a sale
// that existing authorizations do not cover.
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:EndUser)
WHERE s.seller_role IN ['platinum', 'gold', 'silver']
  AND NOT EXISTS {
    MATCH (seller)-[a:AUTHORIZED_IN]->(:Region)
    WHERE a.valid_from <= s.shipped_on <= a.valid_to
  }
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
