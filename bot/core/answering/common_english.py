"""The commonest English words: they tell everyday English from transliterated Russian and misspellings."""

_WORDS = """
a able about above across act actually add after afraid again against age ago agree air all allow almost
alone along already also always am amazing among amount an and angry animal another answer any anybody
anyone anything anyway apart app appear apple are area arm around arrive art as ask asleep at ate attack
attention aunt autumn away awful baby back bad bag baked bake balance ball band bank bar base basic bath be
beach bear beat beautiful became because become bed been beer before began begin behind being believe bell
belong below beside best bet better between big bike bill bird birthday bit bite black blood blow blue board
boat body book boot bored born boss both bottle bottom bought bowl box boy brain bread break breakfast
breath bright bring broke broken brother brought brown build building built bus business busy but butter buy
by cake call called calm came camera camp can cant cancel car card care careful carry case cash cat catch
caught cause cell center centre certain chair chance change charge cheap check cheese chess chicken child
children choose church city class clean clear clever climb clock close closed clothes cloud coat code coffee
cold collect college color colour come comes coming common company compare complete computer contact cook
cooking cool copy corner correct cost could couldnt count country couple course cousin cover crazy cross cry
cup current cut dad damn dance danger dangerous dark date daughter day days dead deal dear death decide deep
definitely degree deliver delivery dentist did didnt die died diet different difficult dinner dirty discount
dish do doctor does doesnt dog dogs doing dollar done dont door double down draw dream dress drink drive
driver driving drop dry due during dust each ear early earn earth east easy eat eating egg eight either
electric else email empty end engine enjoy enough enter entire especially even evening event ever every
everybody everyone everything exact exam example except excited exercise expensive explain extra eye eyes
face fact fail fair fall family fan far farm fast fat father fault favourite favorite fear feel feeling
feels feet fell felt few field fight figure file fill film final find fine finger finish fire first fish fit
five fix flat flight floor flower fly flying follow food foot football for forest forever forget forgot form
forward found four free fresh friday friend friends from front fruit full fun funny further future game
games garage garden gave general get gets getting gift girl girlfriend give given glad glass go goes going
gold gone good google got government grade grandma grandpa granny grandfather grandmother grass great green
grey ground group grow guess guide guitar gun guy guys had hair half hall hand hands happen happened
happening happens happy hard has hat hate have havent having he head headache health hear heard heart heat
heavy hello help her here hers hey hi high hill him his history hit hold hole holiday home homework hope
horse hospital hot hotel hour hours house how however hundred hungry hurry hurt hurts husband ice id idea if
ill im immediately important in inch inside instead interested internet into invite is isnt it its ive
jacket job join joke juice july jump june just keep keeps kept key kid kids kill kind king kitchen knee knew
knife know known lady lake land language laptop large last late later laugh law lawyer lay lazy lead learn
least leave leaves leaving left leg legal legs lend less lesson let lets letter level library license lie
life lift light like liked likes line lip list listen little live lives living load loan local lock long
look looking looks lose lost lot lots loud love low luck lucky lunch machine mad made mail main make makes
making man many map march mark market married match math matter may maybe me meal mean means meat medicine
meet meeting member men menu message met middle might mile milk mind mine minute minutes miss missed mistake
mix mobile model moment monday money month months mood moon more morning most mother mountain mouse mouth
move movie much mum mom music must my myself name near nearby nearly necessary neck need needs neighbor
neighbour neighbors neighbours nervous never new news next nice night nine no nobody noise none noon normal
north nose not note nothing notice november now number nurse object of off offer office often oh oil ok okay
old on once one ones online only open opened opinion or orange order other others our out outside oven over
own pack page paid pain paint pair pan paper parent parents park parking part party pass passport past pay
pen pencil people per perfect perhaps period person pet phone photo photos piano pick picture pie piece pill
pink pipe pizza place plan plane plant play player playing please pocket point police pool poor popular
possible post potato pound power practice prefer prepare present press pretty price print private probably
problem program project promise proper public pull push put quarter queen question quick quickly quiet quite
race radio rain ran rate rather read reading ready real really reason receive recipe recommend red relax
remember remove rent repair repeat reply report rest restaurant return rice rich ride right ring river road
roof room rose round row rule run running sad safe safely said sale salt same sand saturday save saw say
says scared school score screen sea search season seat second see seeing seem seems seen sell send sent
september serious service set seven several shall shape share she shelf ship shirt shoe shoes shop shopping
short shot should shoulder show shower shut sick side sign signal simple since sing single sir sister sit
sitting six size skill skin sky sleep sleeping slow slowly small smart smell smells smile smoke snow so soap
soft sold some somebody someone something sometimes son song soon sorry sort sound sounds soup south space
speak special speed spell spend spoke sport spot spring stairs stand star start started state station stay
steal step still stomach stone stop store storm story straight strange street strong student study stuff
stupid such sugar suggest suit summer sun sunday sure sweet swim table take taken takes taking talk tall tap
taste taught tax taxi tea teach teacher team tell ten tennis test text than thank thanks that thats the
their them then there theres these they thick thin thing things think third thirsty this those though
thought thousand three threw through throw thursday ticket tie tight time times tip tired to today together
told tomato tomorrow tonight too took tool tooth top total touch towards town toy traffic train translate
travel tree trip trouble truck true trust truth try trying tuesday turn tv twelve twenty twice two type
uncle under understand university until up upon us use used useful user using usual usually vacation various
vegetable very video view village visit voice wait waiting wake walk walking wall want wanted wants war warm
warn was wash wasnt watch water way we weak wear weather wedding wednesday week weekend weeks weight well
went were west wet what whats wheel when where which while white who whole whom whose why wide wife wild
will win wind window windows wine winter wish with without woman women won wonder wont wood word words work
worked working works world worried worry worse worst worth would wouldnt write wrong wrote yard year years
yellow yes yesterday yet you young your yours youre yourself zero
"""

COMMON_ENGLISH = frozenset(_WORDS.split())
