"""German, French and Spanish phrases that give an assistant orders."""

from __future__ import annotations

from corpus.injection_phrases import Kind, phrase

_KI = (
    r"(?:ki|sprachmodell|ki-(?:assistent|modell|sprachmodell|system)|assistent"
    r"|chatbot|llm)"
)
GERMAN = (
    phrase(
        Kind.OVERRIDE,
        3,
        r"(?:ignorier(?:e|en sie)?|vergiss|vergessen sie|missacht(?:e|en sie)|verwirf"
        r"|verwerfen sie) (?:bitte )?(?:alle[ns]?|sämtliche|jegliche|die|deine|ihre)(?:"
        r" (?:deine|ihre))?(?: (?:vorherigen|bisherigen|vorigen|obigen"
        r"|früheren|vorangegangenen|vorstehenden|ursprünglichen))? (?:anweisungen"
        r"|instruktionen|befehle|vorgaben|regeln|prompts|eingaben)\b(?! (?:in|des|der"
        r"|von|zum|zur|im|auf|aus)\b)",
    ),
    phrase(
        Kind.OVERRIDE,
        3,
        r"(?:ignoriere|vergiss|ignorieren sie|vergessen sie) alles,? (?:obige|bisherige"
        r"|vorherige|vorige|davor|was (?:oben|davor|bisher|dir))\b",
    ),
    phrase(
        Kind.PERSONA,
        3,
        r"du bist (?:jetzt|nun|ab jetzt|ab sofort|von nun an|nicht mehr) (?:[\w-]+"
        rf" ){{0,4}}?{_KI}\b",
    ),
    phrase(
        Kind.ADDRESS, 3, rf"als {_KI},? (?:musst|sollst|wirst|darfst|müssen|sollen) (?:du|sie)\b"
    ),
    phrase(
        Kind.ADDRESS,
        2,
        r"(?:hinweis|anweisung|nachricht|achtung|wichtig)(?: (?:an|für))?:? (?:alle |die"
        rf" |das |den |jede |jedes )?{_KI}s?\b",
    ),
    phrase(Kind.ADDRESS, 2, rf"wenn du (?:eine?|das) {_KI} bist\b"),
    phrase(Kind.PROMPT, 3, r"(?:neuer )?system-?(?:prompt|anweisung(?:en)?|nachricht) ?:"),
    phrase(Kind.PROMPT, 2, r"neue anweisung(?:en)? ?:"),
    phrase(
        Kind.PROMPT, 3, r"(?:zeige?|verrate|gib|nenne)(?: mir)? (?:deinen|den) system-?prompt\b"
    ),
    phrase(
        Kind.HIDING,
        2,
        r"(?:sage?|verrate|erzähle?|erwähne|teile?)(?: es| das| dies)? (?:dem|den"
        r"|gegenüber dem) (?:benutzern?|nutzern?|anwendern?)\b[^.\n]{0,40}?\b(?:nicht"
        r"|nichts)\b",
    ),
    phrase(
        Kind.ORDER,
        2,
        r"antworte(?:n sie)?(?: (?:immer|stets))? (?:nur|ausschließlich|lediglich"
        r"|immer)\b",
    ),
    phrase(
        Kind.ORDER,
        1,
        r"(?:und |dann |stattdessen ){0,4}(?:antworte|schreibe?|sage?|gib|empfiehl|nenne"
        r"|behaupte|bestätige|antworten sie)\b",
    ),
    phrase(
        Kind.ORDER,
        1,
        r"(?:und|dann|stattdessen) (?:antworte|schreibe?|sage?|gib|empfiehl|nenne"
        r"|behaupte|bestätige)\b",
        opens=False,
    ),
)

_IA = (
    r"(?:ia|une ia|un assistant|assistant|(?:un )?modèle de langage|un chatbot|un"
    r" robot)"
)
FRENCH = (
    phrase(
        Kind.OVERRIDE,
        3,
        r"(?:ignore[zr]?|oublie[zr]?|ne (?:tiens|tenez) (?:pas|plus|aucun) compte"
        r"|néglige[zr]?) (?:de )?(?:toutes? |tous )?(?:les |tes |vos |des |ces"
        r" )?(?:instructions|consignes|directives|règles|ordres) (?:précédente?s"
        r"|antérieure?s|ci-dessus|initiales|qui précèdent|données|reçues)\b",
    ),
    phrase(
        Kind.OVERRIDE,
        3,
        r"(?:ignore[zr]?|oublie[zr]?) (?:toutes |tous )(?:les |tes |vos )(?:instructions"
        r"|consignes|directives|règles)\b",
    ),
    phrase(Kind.OVERRIDE, 3, r"(?:ignore[zr]?|oublie[zr]?) tout ce qui (?:précède|a été dit)\b"),
    phrase(
        Kind.PERSONA,
        3,
        rf"(?:tu es|vous êtes) (?:maintenant|désormais) (?:[\w'-]+ ){{0,3}}?{_IA}\b",
    ),
    phrase(Kind.ADDRESS, 3, rf"en tant qu(?:e |')?{_IA},? (?:tu dois|vous devez)\b"),
    phrase(Kind.ADDRESS, 2, rf"si (?:tu es|vous êtes) {_IA}\b"),
    phrase(Kind.PROMPT, 3, r"(?:invite|prompt|message|instructions?) système ?:"),
    phrase(Kind.PROMPT, 2, r"nouvelles (?:instructions|consignes) ?:"),
    phrase(
        Kind.PROMPT,
        3,
        r"(?:révèle|révélez|affiche|affichez|montre|montrez)(?:-moi)? (?:ton|votre)"
        r" (?:invite|prompt) système\b",
    ),
    phrase(
        Kind.HIDING,
        2,
        r"ne (?:le )?(?:dis|dites|révèle|révélez|mentionne|mentionnez) (?:rien|pas"
        r"|jamais)[^.\n]{0,30}? à l'utilisateur\b",
    ),
    phrase(
        Kind.ORDER,
        2,
        r"répond(?:s|ez)(?: toujours)? (?:uniquement|seulement|exclusivement|toujours"
        r"|simplement)\b",
    ),
    phrase(
        Kind.ORDER,
        1,
        r"(?:et |puis ){0,4}(?:réponds|répondez|dis|dites|écris|écrivez|recommande"
        r"|recommandez|affirme|affirmez)\b",
    ),
    phrase(
        Kind.ORDER,
        1,
        r"(?:et|puis) (?:réponds|répondez|dis|dites|écris|écrivez|recommande[zr]?"
        r"|affirmez?)\b",
        opens=False,
    ),
)

_IA_ES = r"(?:ia|una ia|un asistente|asistente|(?:un )?modelo de lenguaje|un chatbot)"
SPANISH = (
    phrase(
        Kind.OVERRIDE,
        3,
        r"(?:ignora|ignore|ignoren|olvida|olvide|descarta|descarte|no sigas) (?:todas"
        r" )?(?:las |tus |sus |cualquier |los )?(?:instrucci(?:ones|ón)|órdenes|reglas"
        r"|directrices|indicaciones) (?:anterior(?:es)?|previas?|de arriba|precedentes"
        r"|recibidas)\b(?! (?:sobre|del?|en)\b)",
    ),
    phrase(
        Kind.OVERRIDE,
        3,
        r"(?:ignora|ignore|olvida|olvide) (?:todas (?:las |tus |sus )(?:instrucciones"
        r"|reglas|órdenes)|todo lo (?:anterior|dicho|que))\b",
    ),
    phrase(
        Kind.PERSONA,
        3,
        rf"(?:ahora eres|a partir de ahora eres|ya no eres) (?:[\w-]+ ){{0,3}}?{_IA_ES}\b",
    ),
    phrase(Kind.ADDRESS, 3, rf"como {_IA_ES},? (?:debes|tienes que|debe)\b"),
    phrase(Kind.ADDRESS, 2, rf"si eres {_IA_ES}\b"),
    phrase(Kind.PROMPT, 3, r"(?:prompt|mensaje|instrucciones?) (?:del? )?sistema ?:"),
    phrase(Kind.PROMPT, 2, r"nuevas instrucciones ?:"),
    phrase(
        Kind.PROMPT,
        3,
        r"(?:revela|muestra|imprime|muéstrame)(?: me)? (?:tu|el) prompt (?:del?"
        r" )?sistema\b",
    ),
    phrase(
        Kind.HIDING,
        2,
        r"no (?:se )?(?:lo |le )?(?:digas|diga|menciones|reveles|cuentes)(?: nada| esto|"
        r" nunca)? al usuario\b",
    ),
    phrase(
        Kind.ORDER,
        2,
        r"(?:responde|contesta|responda)(?: siempre)? (?:solo|sólo|únicamente|solamente"
        r"|exclusivamente|siempre)\b",
    ),
    phrase(
        Kind.ORDER,
        1,
        r"(?:y |luego ){0,4}(?:responde|contesta|di|escribe|recomienda|afirma|diga)\b",
    ),
    phrase(
        Kind.ORDER,
        1,
        r"(?:y|luego) (?:responde|contesta|di|escribe|recomienda|afirma)\b",
        opens=False,
    ),
)
