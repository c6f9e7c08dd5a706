// @name        Line between roles on which the policy is silent
// @section     3
// @severity    info
// @message     {subject} supplied {object}, and the policy rules on no such pair of roles: {lines}
//              lines, {quantity} units
// @population  ()-[s:SUPPLIED]->() WHERE s.shipped_on <= $as_of
//
// The policy allows, discourages or forbids certain pairs of roles and says nothing of the rest,
// such as sales between resellers of one tier, or returns. These lines are shown so that somebody
// can decide. Lines of partners without certificate have rules of their own.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE s.seller_role <> 'uncertified'
  AND s.buyer_role <> 'uncertified'
  AND NOT EXISTS {
    MATCH (:Role {id: s.seller_role})-[:MAY_SUPPLY]->(supplied)
    WHERE supplied.id = s.buyer_role
  }
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment,
       s.seller_role AS seller_role, s.buyer_role AS buyer_role
