"""Words that guessers try first, as they stand in passwords once digits and signs are taken off.

Our own list: what leaked passwords of ten characters and more are made of, in English, in pinyin
and on the keyboard. Short ones are in it because ``Password2026!`` is ``password`` and no more.
"""

from typing import Final

_WORDS: Final = """
a aa aaa abc abcabc abcdefgh abcdefghij access account admin adminadmin administrator
adminpassword aini ainiyiwannian alexander amigos angel apple asdf asdfasdf asdfgh asdfghjkl
asdfghjklqwertyuiop asdfjkl autumn baby babygirl barcelona baseball basketball batman beautiful
bismillah blink butterfly buzhidao caonima changeit changeme changethis charlie chelsea
chocolate christmas company computer cookie daniel dearbook default defaultpassword demo
demodemo diaodu dispatch dispatcher dragon elizabeth emergency everton family feihu flower
football forever forgetmenot freedom friend friends gaoxing gas gasgas guanliyuan guest heating
hello hellokitty helloworld hunter iamthebest ihateyou iloveu iloveyou iloveyouforever internet
jennifer jessica jesuschrist jintian jordan justin keyboard killer kingkong kuaile ladybug laopo
laopowoaini letmein letmeinnow letmeinplease lifeisgood liverpool login loginlogin lollipop love
lovelove lovely loveme loveyou mainmain manager manchester master meimei michael michelle mima
mimamima monkey mustang mypassword myspace nicole nihao nihaoma nopassword nothing operator
orange pass passpass passw passwd password passwordpassword passwort power princess q q1w2e3r4t5
q1w2e3r4t5y6 qazwsx qazwsxedc qazwsxedcrfv qiangxiu qq qqq qqqq qwe qweasd qweasdzxc qweqwe qwer
qwerasdf qwert qwerty qwertyqwerty qwertyui qwertyuiop qwertyuiopasdfghjkl qwertz qwertzuiop
ranqi renmin repair robert root rootroot samantha samsung secret secretpassword security service
shadow shijie snoopy soccer something spiderman spring station summer sunflower sunshine
superman superstar supervisor support sweetheart system temp temporary test testing testpassword
testtest thankyou thisismypassword thisispassword tiantian tigger tinkerbell trustno trustnoone
unknown user username vacation vanessa victoria wang wangwang water welcome welcomehome whatever
william winter woaini woainima woaiwo woaizhongguo wodemima woshishui woshiwo xiaoming xiaoxiao
yanglei yankees yellow yiwannian zaq zaqxsw zhang zhangwei zhaopin zhongguo zhongguoren zxc
zxcasdqwe zxcvbn zxcvbnm zxcvbnmasdfghjkl
"""
COMMON: Final = frozenset(_WORDS.split())
