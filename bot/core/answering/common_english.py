"""The commonest English words: they tell everyday English from transliterated Russian and misspellings."""

_WORDS = """
a able about above across act actually add afraid after again against age ago agree air alarmed all allow
almost alone along already also always am amazing among amount an and angry animal another answer any
anybody anyone anything anyway apart app appear apple are area arm around arrive art as ask asleep at ate
attack attention aunt autumn away awful baby back bad bag bake baked balance bald ball balls band bank bar
base basic bask bath be beach bear beat beautiful became because become bed been beer before began begin
behind being believe bell bellow belong below bents beside best bet better between big bike bill bird
birthday bit bite black bled blend bling blink bloat bloke blood bloom blow blue blues board boast boat body
bold boldly bolt bond book boot bored born boss both bother bottle bottom bought bowl box boy brain brake
bread break breakfast breath bride bright bring broad broke broken broom brother brought brow brown build
building built bull bunch bus bush business busy but butt butter buy by cage cake calf call called calm came
camera camp can cancel cancer canoe cant cape car card cards care careful carry cart carve case cash cast
cat catch caught cause cave cell center centre cents certain chain chair chance change chant charge charm
chart chase cheap cheat check cheek cheer cheese chess chew chicken child children chill chin chips choir
choose chop church city clap clash class clean cleanse clear clever climb clock clone close closed clothes
cloud clover coat cock code coffee coil cold collect college color colour colt comb come comes coming common
company compare complete computer cone contact cook cooking cool copy coral cord coring cork corner correct
cost couch could couldnt count country couple course cousin cover crack crazy cross crow crown cry cup cure
current curry cut dad dame damn damp dance danger dangerous dare dark dart date daughter day days dead deal
dear death decide deep deer definitely degree deliver delivery dentist dents devil did didnt die died diet
different difficult dine dined dinner dirt dirty discount dish dive do doctor does doesnt dog dogs doing
dollar dome done dont door dose double dove down draw dream dress drew drink drip drive driver driving
droned drop drove drunk dry duck due dune during dusk dust each ear early earn earth ease east easy eat
eating egg eight either elder electric else email empty end engine enjoy enough enter entire especially even
evening event ever every everybody everyone everything exact exam example except excited exercise exit exits
expensive explain export extra eye eyes fable face fact factor fade fail fair fall fame family fan far farm
fast fat fate father fault favorite favourite fear feather feel feeling feels feet fell fellow felt few
field fight figure file fill film final find fine finger finish fins fire first fish fist fit five fix flag
flap flash flat fleet flesh flight float flood flooded floods floor flop flora flow flower fly flying foil
follow fond food fool foot football for forest forever forget forgot fork form fort forward found four free
fresh friday friend friends frog from front frost fruit full fun funny further fuss future gain game games
garage garden gasp gate gave gaze gene general get gets getting giant gift girl girlfriend give given glad
glass go goes going gold gone good google goose got government grade gram grand grandfather grandma
grandmother grandpa granny grasp grass great greed green greet grey grin grip groan gross ground group grow
guard guess guide guitar gun gust guy guys had hail hair half hall hallow hand hands happen happened
happening happens happy hard hare harp has haste hat hate haul have havent having hawk haze he head headache
heal health heap hear heard heart heat heavy heel heir hello helm help her herb here hero hers hey hi high
hike hill him hire hired his history hit hold hole holiday holy home homework hood hope horn horse hose
hospital hot hotel hour hours house how however hull hundred hungry hunt hurl hurry hurt hurts husband ice
icon id idea if ill im immediately important in inch inside instead interested internet into invite is isnt
it its ive jacket job join joke juice july jump june just keep keeps kept key kid kids kill kilo kind king
kitchen knee knew knife knob knot know known lace lady lake lamb lance land lane language laptop large lash
last late later laugh law lawyer lay lazy lead leaf lean leap learn leash least leave leaves leaving left
leg legal legs lend lens less lesson let lets letter level lever library license lick lie life lift light
like liked likes lime line lined linen lip list listen liter little live liver lives living load loads loaf
loan local lock lodge long look looking looks loop loose lord lose lost lot lots loud lounge love lover low
luck lucky lunch lung machine mad made magic maid mail main make makes making man many map march marine mark
market married mask match math matter may maybe maze me meal mean means meat medal medicine meet meeting
melt member men menu message met meter mice middle might mile milk mime mind mine mint minute minutes mired
miss missed mist mistake mix moan moat mobile model moist mole mom moment monday money month months mood
moon more morning moss most moth mother mountain mouse mouth move mover movie much mule mum music must my
myself name near nearby nearly neat necessary neck need needs neighbor neighbors neighbour neighbours
nervous nest never new news next nice night nine no nobody noise none noon normal north nose not note
nothing notice november now number nurse object of off offer office often oh oil ok okay old on once one
ones online only open opened opinion or orange order other others our out outside oven over own pace pack
page paid pain paint pair pale pan pants paper parent parents park parking part party pass passport past
patrol pause pave pay peer pen pencil people per perfect perhaps period person pet phone photo photos piano
pick pickle picture pie piece pier pill pine pink pint pipe pizza place plain plan plane planet plank plant
plate play player playing please plot pocket poet point poker police poll pool poor poppy popular porch pork
porting possible post potato pouch pound powder power practice pray prefer prepare present press pretty
price priced pride print private prize probably problem program project prom promise proper public pull pulp
purse push put quack quarter queen question quick quickly quiet quilt quirk quite race radio rain ran rate
rather read reading ready real really reason receive recipe recommend red reef relax remember remove
rent repair repeat reply report rest restaurant return rice rich ride ridge rift right ring riot rise river
road roads robe roof room rope rose round rover row rule ruler rumble run running rust sack sad safe safely
sage said sail sale salt same sand saturday save saw say says scale scan scar scared scarf scent school
score scout screen sea seam search season seat second see seed seeing seem seems seen sell senate send sent
september serious service set seven several shaft shall shame shape share shark sharp shave shawl she sheep
shelf sheller shelve shine ship shirt shoe shoes shop shopping shore short shorts shot should shoulder show
shower shut sick side sift sigh sign signal silk simple since sing single sir sister sit sitting six size
skate sketch skill skin sky slam slate slave sled sleek sleep sleeping sleeve slice slide slip slot slow
slowly small smart smash smell smells smelt smile smoke smokes snore snow so soap sock soft sold some
somebody someone something sometimes son song soon sorry sort sound sounds soup sour south space spade spark
speak spear special speed spell spend spice spill spin spit spoke spoon sport spot spring sprint stack staff
stag stage stair stairs stale stall stand star starch start started state station statue stay steak steal
steep stem step stew still sting stir stitch stomach stone stop store storing stork storm story straight
strange straw street string stripe stroked strong student study stuff stupid such sugar suggest suit summer
sun sunday sure surf swan sway swear sweat sweep sweet swell swift swim table tack take taken takes taking
tale talk tall tap taste taught tax taxi tea teach teacher teal team tease tell ten tennis tent tents test
text than thank thanks that thats the their them then there theres these they thick thin thing things think
third thirsty this those though thought thousand thread three threw through throw thursday ticket tide tie
tight tile time times tip tire tired to toad today together told toll tomato tomorrow tonic tonight too took
tool toon tooth top total touch towards towel town toy trace traffic train trait tramp translate travel tray
tree trek trial tried tries trim trip troop trouble truce truck true trust truth try trying tuesday turf
turn tv twelve twenty twice twin two type uncle under understand university until up upon urge us use used
useful user using usual usually vacation value various vault vegetable veil verb verse very video view villa
village vine visit voice wage waist wait waiting wake walk walking wall wand want wanted wants war ward warm
warn wart was wash wasnt watch water way we weak wear weather weave wedding wednesday weed week weekend
weeks weigh weight well went were west wet whale what whats wheat wheel when where which while white who
whole whom whose why wide widow widows wife wild will win wind window windows winds wine wined wings wink
winner winter wise wish witch with without woman women won wonder wont wood wool word words work worked
working works world worm worried worry worse worst worth would wouldnt wrist write wrong wrote yard yarn
year years yellow yes yesterday yet you young your youre yours yourself zero
"""

COMMON_ENGLISH = frozenset(_WORDS.split())
