// @name        Line to an end user without a destination
// @section     –
// @severity    info
// @message     No destination is known for {lines} lines from {subject} to end user {object}
// @population  ()-[s:SUPPLIED]->(:EndUser) WHERE s.shipped_on <= $as_of
//
// Without the city of delivery, or at least the end user's own, nobody can tell whether a line
// stayed in its territory. The territory rules stay silent on such lines, so they are listed here.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:EndUser)
WHERE s.destination_id IS NULL
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
