"""The words of the made-up city: names, streets, and the sentences that its clerks type.

Written from how city staff write, before anybody looked at the rules that read it. A slot in braces is
filled by chance; a slot with the name of a kind (``bench.city_kinds``) plants that kind. No sentence is
of a real file, and no name with its number belongs to anybody.

``PLAIN``    says nothing that is looked for
``PLANTED``  carries an identifier
``STATUS``   tells the status of the person it is about
``TRAPS``    uses the same words or shapes and tells nothing
"""

from __future__ import annotations

GIVEN = (
    "Ada Aaliyah Abdul Adrian Aiko Alan Alejandra Alma Amara Amina Ana Andrei Angela Anh Antonio Aroha Beatriz "
    "Ben Bilal Brenda Bruno Camille Carlos Carmen Cecilia Chen Chidi Claire Consuelo Cristina Dalia Daniel David "
    "Diego Dina Dmitri Dolores Edgar Elena Elias Emeka Emily Ernesto Esperanza Esther Evelyn Fatima Felix Farah "
    "Fernando Francisco Gabriel George Gloria Grace Guadalupe Hana Hector Helen Hugo Ibrahim Ines Irene Isaac "
    "Ivan Jamal James Jean Jeanne Jesús Jin Joao Jorge José Juan Judith Julia Julio Karen Kavita Keisha Kenji "
    "Kofi Lan Laura Leila Leticia Linh Liliana Linda Lucia Luis Luz Magdalena Manuel Marcus Margaret María Marie "
    "Mario Marisol Martha Mary Mateo Mei Mercedes Miguel Minh Miriam Mohammed Nadia Natalia Ngoc Noor Olga Omar "
    "Pablo Patricia Paulo Pedro Pierre Priya Quynh Rafael Raj Ramón Raquel Raymond Reza Ricardo Rosa Ruth Salma "
    "Samuel Sandra Santiago Sergei Silvia Sofía Sonia Steven Tala Tamika Tanya Teresa Thanh Thomas Tomás Uma "
    "Valeria Verónica Victor Violeta Wei William Xiu Xochitl Yara Yolanda Yusuf Zhen Zoe"
).split()
FAMILY = (
    "Abara Acosta Adeyemi Aguilar Alder Almeida Alvarez Amari Andrade Arrow Avila Ayala Baptiste Barros Becerra "
    "Bello Birch Bonilla Bui Cabrera Calderón Campos Cardenas Castel Castillo Cedar Celestin Cervantes Chan Chávez "
    "Chen Clay Contreras Cortez Cruz Cuevas Dang Delacroix Delgado Diaz Dinh Dominguez Dover Duran Eklund Escobar "
    "Espinoza Estrada Farrow Fernandes Fields Flores Fuentes Galindo Garza Glenn Gomez Guerrero Gutierrez Guzman "
    "Haddad Hale Hassan Heron Herrera Hoang Huerta Ibarra Ivers Jackson Jimenez Joseph Juarez Kaya Khan Kim Lam "
    "Laurent Le Lennox Leon Linden Lopez Lozano Luna Mai Maldonado Marsh Martinez Medina Mejia Mendez Mendoza "
    "Meza Miranda Molina Montes Morales Moreno Moss Muñoz Nassar Navarro Ngo Nguyen Novak Nuñez Ochoa Oduya Okoro "
    "Olivares Ortega Ortiz Osorio Pacheco Padilla Palma Paredes Park Patel Peña Perez Pham Phan Pierre Pineda "
    "Ponce Portillo Quill Quintero Quispe Ramirez Ramos Rangel Reyes Rios Rivas Rivera Robles Rojas Romero Rosales "
    "Rowe Ruiz Salas Salazar Salinas Sanchez Sandoval Santos Sarkis Serrano Silva Solis Soto Stone Suarez Sy Tabor "
    "Torres Tran Trujillo Ueda Valdez Vale Valencia Vargas Vasquez Vega Velasco Velez Villa Vo Wang Wells Wen White "
    "Wong Wu Xu Yang Yoon Zamora Zapata Zhang Zhou Zuniga"
).split()
STREETS = (
    "Alder Amber Asylum Beacon Birch Bridge Brook Canal Canyon Cedar Chestnut Church Clay Clover Commerce Copper "
    "Cypress Dock Eagle Elm Ferry Fern Foundry Garden Granite Grove Harbor Harvest Hazel Hickory Hill Holly Iron "
    "Jasper Juniper Lake Laurel Liberty Lilac Linden Magnolia Main Maple Market Meadow Mill Mission Mulberry Oak "
    "Olive Orchard Park Pearl Pine Plum Poplar Prospect Quarry Railroad Ridge River Rose Sage School Spring Spruce "
    "State Stone Summit Sunset Sycamore Union Valley Vine Walnut Washington Water West Willow"
).split()
SUFFIXES = (
    "St Street Ave Avenue Rd Road Ln Lane Dr Drive Ct Court Blvd Way Pl Ter Cir Pkwy St. Ave. Rd. Blvd."
).split()
CITIES = (
    "Oakdale Riverton Fairhaven Millbrook Eastport Cedar_Grove Port_Alder Lakemont Stonebridge Greenfield "
    "Harborview Northgate San_Telmo Las_Lomas Westfield Ashford Brookside Glenwood Hillcrest Marlow"
).split()
DOMAINS = (
    "example.com example.org example.net mail.example.com post.example.org oakdale.example.org correo.example.net "
    "city.example.net"
).split()

PLAIN: dict[str, tuple[str, ...]] = {
    "en": (
        "Left voicemail with {given}, will try again on {day}.",
        "Tenant reports a leak under the kitchen sink since {day}.",
        "Inspection passed; next visit due {day}.",
        "Paid ${amount} in cash, receipt {num6} handed over.",
        "Client asked about the waiting list and was number {num3} on it.",
        "Second notice mailed {day}, no answer.",
        "Spoke with {full} about the payment plan.",
        "Household of {num1}, income verified with pay stubs.",
        "Dog license renewed for another year.",
        "Water meter reads {num5}, previous reading {num5}.",
        "Needs a ride to the clinic every Tuesday.",
        "Complaint about noise after 11 pm, officer {family} responded.",
        "Application incomplete: lease and utility bill missing.",
        "Form signed by both parents and scanned to the file.",
        "Landlord {family} agreed to repair the heater by {day}.",
        "Caller was upset about the fee of ${amount}.",
        "Hearing moved from {day} to {day}.",
        "File transferred to the {city} office.",
        "School confirmed enrollment, grade {num1}.",
        "Appointment kept, client was on time.",
        "Referred to the food bank and to legal aid.",
        "No show, rescheduled for {day} at {num1}:30 pm.",
        "Interpreter booked for the next visit.",
        "Checked the box on the form by mistake, corrected.",
        "Rent is ${amount} a month, two months behind.",
        "Owner will send photos of the roof.",
        "Street light out at the corner of {streetname} and {streetname}.",
        "Case {case} closed, duplicate of {case}.",
        "Permit fee waived by supervisor {family}.",
        "Prefers texts in the evening.",
        "Asked for large print.",
        "Vaccination record received and filed.",
        "Library card replaced, fine of ${amount} forgiven.",
        "Clerk explained the appeal process; {given} understood.",
        "Balance after payment ${amount}.",
        "Garbage pickup missed twice this month.",
        "Follow up in six weeks with the caseworker.",
        "Received two boxes of documents, shelf {num3}.",
        "Lives with an aunt and three cousins.",
        "Works nights at the warehouse, best reached before noon.",
        "Shut-off date is {day}, extension granted.",
        "Unit {num3} has mold in the bathroom.",
        "Will bring the missing page on Monday.",
        "Reviewed and approved, see attachment {num2}.",
        "Fence is {num1} feet over the limit.",
        "Child attends after-school program three days a week.",
    ),
    "es": (
        "Dejé mensaje de voz para {given}, se llamará otra vez el {day}.",
        "La inquilina reporta una fuga debajo del fregadero desde el {day}.",
        "Pagó ${amount} en efectivo.",
        "Pide cita para el {day} por la tarde.",
        "Vive con su hermana y tres hijos.",
        "Falta el contrato de renta y un recibo de luz.",
        "Trabaja de noche, mejor llamar antes del mediodía.",
        "Se canceló la visita y se cambió para el {day}.",
        "Hablé con {full} sobre el plan de pagos.",
        "Necesita transporte a la clínica los martes.",
        "El dueño prometió arreglar la calefacción.",
        "Solicitud incompleta, se le explicó qué falta.",
        "Preguntó por la lista de espera.",
        "La niña empieza la escuela en agosto.",
        "Renta de ${amount} al mes, debe dos meses.",
        "Se le dio la información del banco de comida.",
        "Quiere recibir mensajes de texto en español.",
        "Firmó el formulario y se escaneó.",
        "Dice que el vecino hace mucho ruido.",
        "El caso {case} se cerró.",
        "Trajo los papeles que faltaban del carro.",
        "Vendrá el lunes con su esposo.",
    ),
    "zh": (
        "已致电{given}，留言，{day}再打。",
        "申请材料不全，缺租约和水电费单。",
        "住户共{num1}人，收入已核实。",
        "需要翻译，下次预约已安排。",
        "房东答应修理暖气。",
        "孩子八月开始上学。",
    ),
    "vi": (
        "Đã để lại lời nhắn cho {given}, sẽ gọi lại ngày {day}.",
        "Hồ sơ còn thiếu hợp đồng thuê nhà.",
        "Gia đình có {num1} người, đã xác minh thu nhập.",
        "Cần thông dịch viên cho lần hẹn tới.",
        "Chủ nhà hứa sẽ sửa máy sưởi.",
    ),
    "ht": (
        "Mwen kite mesaj pou {given}, m ap rele ankò {day}.",
        "Aplikasyon an pa konplè, kontra lwaye a manke.",
        "Fanmi an gen {num1} moun.",
        "Li bezwen yon entèprèt pou pwochen randevou a.",
    ),
    "tl": (
        "Nag-iwan ng mensahe kay {given}, tatawag ulit sa {day}.",
        "Kulang ang aplikasyon, wala pang kontrata sa upa.",
        "May {num1} na tao sa bahay.",
        "Kailangan ng tagasalin sa susunod na appointment.",
    ),
    "fr": (
        "Message laissé à {given}, rappeler le {day}.",
        "Dossier incomplet, il manque le bail.",
        "Foyer de {num1} personnes, revenus vérifiés.",
        "Le propriétaire va réparer le chauffage.",
    ),
    "pt": (
        "Deixei recado para {given}, ligar de novo em {day}.",
        "Pedido incompleto, falta o contrato de aluguel.",
        "Família de {num1} pessoas, renda verificada.",
        "O dono prometeu consertar o aquecedor.",
    ),
}

PLANTED: dict[str, tuple[str, ...]] = {
    "en": (
        "Call back at {phone}.",
        "New cell {phone}, old number disconnected.",
        "Send forms to {email} please.",
        "Emailed {email} on {day}, bounced.",
        "Moved to {address}.",
        "Mailing address is {address}, apartment in the back.",
        "DOB {dob}, mother present.",
        "Date of birth {dob} per school record.",
        "SSN {ssn} given over the phone.",
        "Social security number is {ssn}.",
        "Wrote SSN {ssn_plain} on the back of the form.",
        "ITIN {itin} on the tax return.",
        "Filed taxes with ITIN {itin}.",
        "Uses taxpayer number {itin}, no SSN.",
        "ITIN letter shows {itin_plain}.",
        "Alien number {a_number} copied from the card.",
        "A# {a_number_spaced}, card expires next year.",
        "File shows {a_number}.",
        "USCIS number {a_number_bare} per front of card.",
        "Scanned card reads {a_number_slip}, alien registration number.",
        "Receipt {receipt}, biometrics done.",
        "USCIS receipt number {receipt_spaced} pending since {day}.",
        "Case status for {receipt} checked online.",
        "I-94 number {i94_new} from the website.",
        "Admission number {i94_old} on the I-94.",
        "SEVIS ID {sevis}, enrolled full time.",
        "Work authorization card category {ead_code}.",
        "Entered on an {visa_class} visa in {year}.",
        "Passport number {passport}, expires {day}.",
        "Showed a passport, no. {passport}.",
        "Driver license {dl} checked.",
        "DL# {dl}, address differs.",
        "Vehicle plate {plate} towed from the lot.",
        "License plate {plate}, red pickup.",
        "VIN {vin} on the title.",
        "Charged card {card} for the permit fee.",
        "Credit card {card_spaced} read over the phone.",
        "Routing {routing} account {account} for direct deposit.",
        "IBAN {iban} for the refund.",
        "Login from {ip} at {num1}:15 am.",
        "Found at {latlon}, near the creek.",
        "CURP {curp} on the consular card.",
        "Consular ID, matricula {matricula}.",
        "Guatemalan CUI {cui_gt} on the DPI.",
        "Salvadoran DUI {dui_sv} shown as ID.",
        "Cedula {cedula_do}, Dominican.",
        "Brazilian CPF {cpf} on the form.",
        "Showed CNIC {cnic}.",
        "Aadhaar {aadhaar} was written in the ID box.",
        "Naturalization certificate no. {natz}.",
        "Aid code {aid_restricted}, emergency services only.",
    ),
    "es": (
        "Llamar al {phone}.",
        "Su celular nuevo es {phone}.",
        "Correo {email}, revisa poco.",
        "Se mudó a {address}.",
        "Fecha de nacimiento {dob}.",
        "Nació el {dob}, según el acta.",
        "Número de seguro social {ssn}.",
        "Usa el ITIN {itin} para sus impuestos.",
        "Número de extranjero {a_number}.",
        "Trae número de recibo {receipt} de inmigración.",
        "Pasaporte número {passport}.",
        "CURP {curp}.",
        "Clave de elector {clave_elector} de la INE.",
        "RFC {rfc}.",
        "Matrícula consular {matricula}.",
        "Presentó el DUI {dui_sv} de El Salvador.",
        "CUI {cui_gt} del DPI de Guatemala.",
        "Cédula {cedula_do} de la República Dominicana.",
        "RUT {rut} de Chile.",
        "Placas {plate} del carro.",
        "Licencia de conducir {dl}.",
        "Tarjeta {card} para el pago.",
    ),
    "zh": ("电话 {phone}。", "出生日期 {dob_iso}。", "外国人登记号 {a_number}。", "身份证号 {ric_cn}。"),
    "vi": ("Điện thoại {phone}.", "Ngày sinh {dob_dmy}.", "Số căn cước {cccd}.", "Số A {a_number}."),
    "ht": ("Nimewo telefòn li se {phone}.", "Dat nesans {dob_dmy}.", "Nimewo etranje {a_number}."),
    "tl": ("Tawagan sa {phone}.", "Petsa ng kapanganakan {dob}.", "PhilSys {philsys}."),
    "fr": ("Téléphone {phone}.", "Né le {dob_dmy}.", "Numéro d'étranger {a_number}."),
    "pt": ("Telefone {phone}.", "Data de nascimento {dob_dmy}.", "CPF {cpf}."),
}

STATUS: dict[str, tuple[str, ...]] = {
    "en": (
        "Client is undocumented and afraid to sign.",
        "She is here without papers.",
        "Husband was deported last year.",
        "Overstayed his visa, no status now.",
        "Has a green card since {year}.",
        "Says he is a lawful permanent resident.",
        "Not a citizen, only the kids were born here.",
        "Came as a refugee from {country}.",
        "Asylum application is still pending.",
        "Client has TPS and a work permit until next year.",
        "She is a DACA recipient.",
        "Became a US citizen in {year}.",
        "Naturalized in {year}.",
        "There is an ICE hold on him.",
        "He is in removal proceedings, next court date {day}.",
        "Father detained by immigration in {city}.",
        "No legal status, wants to know if she qualifies.",
        "Applied for a U visa as a crime victim.",
        "Student visa expired in {year}.",
        "Crossed the border in {year} with two children.",
        "Mixed status family, only the baby has Medicaid.",
        "Parents are here illegally according to the neighbor.",
        "Worried about her immigration case.",
        "Has an order of deportation from {year}.",
        "Immigration status: pending.",
        "Illegal immigrant per landlord.",
        "He does not have lawful presence.",
        "Son came as an unaccompanied minor from {country}.",
        "Wife is waiting for her green card.",
        "She was granted asylum in {year}.",
        "He has humanitarian parole.",
        "Client stated she is not lawfully present in the country.",
        "Applicant is a noncitizen, emergency coverage only.",
        "He is from {country}, no papers.",
    ),
    "es": (
        "No tiene papeles y tiene miedo de firmar.",
        "Es indocumentada.",
        "El esposo fue deportado el año pasado.",
        "Su visa se venció y se quedó.",
        "Tiene la tarjeta verde desde {year}.",
        "Es residente permanente.",
        "No es ciudadana, los niños sí.",
        "Pidió asilo y espera la respuesta.",
        "Llegó como refugiado de {country}.",
        "Tiene TPS.",
        "Está sin documentos, solo pasaporte de su país.",
        "Cruzó la frontera en {year}.",
        "Se hizo ciudadano en {year}.",
        "La migra detuvo a su papá.",
        "Está sin estatus legal.",
        "Tiene permiso de trabajo por DACA.",
        "Tiene un caso en la corte de inmigración.",
        "Su estatus migratorio está pendiente.",
        "Sin papeles según la hermana.",
        "Solicitó la visa U.",
    ),
    "zh": (
        "他没有合法身份。",
        "客户是非法移民，不敢签字。",
        "已申请绿卡，等待中。",
        "她的签证过期了。",
        "丈夫去年被遣返。",
        "正在申请庇护。",
        "她無證，怕移民局。",
        "已入籍，是美国公民。",
    ),
    "vi": (
        "Khách hàng không có giấy tờ hợp pháp.",
        "Chị ấy có thẻ xanh từ năm {year}.",
        "Visa đã hết hạn, ở lại bất hợp pháp.",
        "Chồng bị trục xuất năm ngoái.",
        "Đang xin tị nạn.",
        "Anh ấy đã nhập quốc tịch Mỹ.",
    ),
    "ht": (
        "Li pa gen papye.",
        "Kliyan an san papye, li pè siyen.",
        "Yo depòte mari li ane pase.",
        "Li gen kat rezidan depi {year}.",
        "Li mande azil.",
        "Li gen TPS.",
    ),
    "tl": (
        "Wala siyang papeles.",
        "TNT ang kliyente, takot pumirma.",
        "Na-deport ang asawa niya noong {year}.",
        "May green card na siya.",
        "Paso na ang visa niya.",
    ),
    "fr": (
        "Il est sans papiers.",
        "Elle a demandé l'asile.",
        "Son titre de séjour a expiré.",
        "Le mari a été expulsé l'an dernier.",
        "Elle est réfugiée de {country}.",
    ),
    "pt": (
        "Ele está sem documentos.",
        "Ela é indocumentada.",
        "O visto venceu e ele ficou.",
        "O marido foi deportado no ano passado.",
        "Pediu asilo em {year}.",
    ),
}

TRAPS: dict[str, tuple[str, ...]] = {
    "en": (
        "Order {order9} shipped by ground.",
        "Purchase order {order9} approved.",
        "Tracking {tracking_ups} delivered on {day}.",
        "Tracking no {tracking_usps}.",
        "Tracking {tracking_phone} left the depot.",
        "Paid by Visa card ending in {num4}.",
        "Refunded to his visa ending {num4}.",
        "Visa declined, paid cash.",
        "Removed an alien species of carp from the pond.",
        "Alien plants along the creek were cut.",
        "DUI offense on {day}, license suspended.",
        "Arrested for DUI in {year}.",
        "TPS report due Friday with cover sheet.",
        "The TPS figure of the server is {num3} per second.",
        "Invoice A-{num8} is overdue.",
        "Invoice A{num8} was paid twice.",
        "Meeting on {day} at 10:30.",
        "Part number {part} out of stock.",
        "Replaced filter, model {part}.",
        "Parcel {parcel} is split in two lots.",
        "Green card stock ran out, used blue paper.",
        "Printed flyers on green card.",
        "Long time permanent resident of {city}.",
        "Senior citizen discount applied.",
        "Citizen complaint about potholes.",
        "We do not ask about immigration status.",
        "Told caller that the city never asks for immigration status.",
        "You do not need to be a citizen to apply.",
        "Services are available regardless of immigration status.",
        "Accident at {num3} Asylum Street, lane closed.",
        "Parole officer {family} called about the ankle monitor.",
        "On parole since {year} for burglary.",
        "Work permit for the roof expires {day}.",
        "Building work permit posted on the door.",
        "Illegal dumping behind the store.",
        "Illegal parking reported twice.",
        "Undocumented change in the plumbing plan.",
        "The expense was undocumented and not paid back.",
        "Firmware {version} installed on the meter.",
        "ISBN {isbn} returned late.",
        "Ice machine in the cafeteria is broken.",
        "Tree removal order issued for the elm.",
        "Removal of graffiti scheduled.",
        "Naturalized plants along the trail.",
        "Border of the property is disputed.",
        "Marital status changed to married.",
        "Order status: shipped.",
        "Lost her papers in the flood, needs a copy of the lease.",
        "No papers were delivered on Sunday.",
        "Papers signed and notarized.",
        "He is a resident of building C.",
        "Status of the refugee exhibit at the library: open.",
        "Job number {order9} for the paving crew.",
        "Serial {serial} on the boiler plate.",
        "Commit {sha} fixed the form.",
        "Batch {uuid} imported.",
        "Ticket {case} assigned to IT.",
        "Meter {order9} replaced.",
        "Room A12 is booked for the class.",
        "The C09 form is out of print.",
        "Deported himself well in the meeting, says {family}.",
        "Visa commercial filmed at city hall.",
    ),
    "es": (
        "Pagó con tarjeta Visa que termina en {num4}.",
        "Orden {order9} enviada.",
        "Perdió los papeles del carro.",
        "No trajo los papeles de la renta.",
        "Multa por DUI en {year}.",
        "La ciudad no pregunta el estatus migratorio.",
        "No necesita ser ciudadano para aplicar.",
        "Permiso de trabajo para el techo de la casa, obra aprobada.",
        "Descuento para ciudadanos de la tercera edad.",
        "Residente permanente de {city} desde niño, vive en la misma casa.",
        "Factura A-{num8} pendiente.",
        "El estado del pedido es enviado.",
        "La frontera de la propiedad está en disputa.",
        "Número de rastreo {tracking_usps}.",
        "El asilo de ancianos pidió sillas.",
        "Está en el asilo de ancianos de la calle Oak.",
    ),
    "zh": ("用Visa卡支付，尾号{num4}。", "订单{order9}已发货。", "我们不会询问您的移民身份。"),
    "vi": ("Trả bằng thẻ Visa số cuối {num4}.", "Đơn hàng {order9} đã gửi.", "Thành phố không hỏi về tình trạng di trú."),
    "ht": ("Li peye ak kat Visa.", "Kòmand {order9} a voye.", "Nou pa mande estati imigrasyon."),
    "tl": ("Nagbayad gamit ang Visa card.", "Order {order9} naipadala na.", "Hindi namin itatanong ang katayuan sa imigrasyon."),
    "fr": ("Payé par carte Visa.", "Commande {order9} expédiée.", "Il a perdu les papiers de la voiture."),
    "pt": ("Pagou com cartão Visa.", "Pedido {order9} enviado.", "Perdeu os documentos do carro."),
}  # fmt: skip

#: What remarks fields hold: half a line, no full stop.
REMARKS = (
    "left voicemail", "gate code works", "follow up in June", "paid in full", "see attachment", "duplicate",
    "no answer", "ok per supervisor", "wrong unit", "prefers mornings", "called twice", "returned mail",
    "dog in yard", "needs signature", "closed by {family}", "due {day}", "bal ${amount}", "room {num3}",
    "waiting for landlord", "transferred to {city}", "n/a", "see {case}", "keys returned", "seasonal",
    "updated {day}", "checked by {given}", "scan illegible", "form v{num1}", "2nd notice", "on hold",
)  # fmt: skip

#: What a page looks like after it went through a scanner.
SCANNED = (
    "CITY OF {CITY}\nWATER AND SEWER\nAMOUNT DUE ${amount}\nDUE DATE {day}",
    "RECEIPT {num6}\nTOTAL {amount}\nCASH {amount}\nTHANK YOU",
    "LEASE AGREEMENT made {day}\nTenant {full}\nRent ${amount}",
    "PAGE {num1} OF {num2}\nsigned and dated {day}",
    "EXHIBIT {num2}\n|||  ||  |||| |\nSCAN QUALITY LOW",
    "UTILITY BILL\nService period {day} - {day}\nUsage {num3} kWh",
    "PAY STUB\nGross {amount} Net {amount}\nYTD {amount}",
    "INVOICE\nQTY {num2} x {amount}\n<<<< TEAR HERE >>>>",
)
SCANNED_IDS = (
    "PASSPORT\n{mrz_td3}", "PASAPORTE {full}\n{mrz_td3}", "UNITED STATES VISA\n{mrz_visa}", "{mrz_td1}",
    "PERMANENT RESIDENT\nUSCIS# {a_number_printed}\nCategory {ead_code}", "{aamva}",
    "EMPLOYMENT AUTHORIZATION CARD\n{mrz_td1}",
)  # fmt: skip

COUNTRIES = (
    "Guatemala Honduras Mexico Haiti Venezuela Ecuador Ukraine Afghanistan Syria Cuba Nicaragua".split()
)
