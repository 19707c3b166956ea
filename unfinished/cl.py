import re,textwrap
B='unfinished/'
def bullets(f):
    t=open(B+f).read()
    out=[];sec='Added'
    for l in t.split('\n'):
        if l.startswith('### '): sec=l[4:].strip(); continue
        if l.startswith('- '): out.append([sec,l[2:]])
        elif l.strip() and out: out[-1][1]+=' '+l.strip()
    return out
def wrap(b):
    # no wrapping within links: break on spaces only, keep words whole
    return '\n'.join(textwrap.wrap('- '+b,width=140,subsequent_indent='  ',break_long_words=False,break_on_hyphens=False))
C={f:bullets(f+'.md') for f in ['copy','drill','fleet','hosts','kit','live','ready','swarm']}
t=open('CHANGELOG.md').read()
def pick(f,pred): return [b for s,b in C[f] if s=='Added' and pred(b)]
yes=lambda b:True
# Swarm section
fleetB=pick('fleet',lambda b: not b.startswith(('Temporal ','Preflight compares','Workers report')))
temporalB=pick('fleet',lambda b: b.startswith(('Temporal ','Preflight compares','Workers report')))
fl=[b for b in fleetB if b.startswith(('**Fleets**','**Schedules**','**Status**','**Worker**','**Benchmarks**'))]
page=[b for b in fleetB if b not in fl]
swarm=pick('swarm',yes); hosts=pick('hosts',yes)
live=[b.replace(' (`npm run setup -- --for-all-tests` builds the image)',' (`npm run setup -- --with-long-tests` builds the image)') for b in pick('live',yes)]
def section(head,bs): return f"**{head}**\n\n"+'\n'.join(wrap(b) for b in bs)+"\n\n"
i=t.index('**Swarm, several hosts, many platforms**');j=t.index('**Authentication**')
new=section('Swarm, several hosts, many platforms',swarm+hosts+fl)+section('Temporal and workers',temporalB)+section('Copies and single indices',pick('copy',yes)+live)
t=t[:i]+new+t[j:]
i=t.index('### Changed')
t=t[:i].rstrip()+'\n'+'\n'.join(wrap(b) for b in page+pick('drill',yes)+pick('ready',yes)+pick('kit',yes))+'\n\n'+t[i:]
i=t.index('### Fixed')
old="- For a platform on several hosts `check` and `restore --dry-run` ask the workers through Temporal.\n"
changed=[b for f in C for s,b in C[f] if s=='Changed' and 'For a platform on several hosts' not in b]
t=t[:i].rstrip()+'\n'+'\n'.join(wrap(b) for b in changed)+'\n\n'+t[i:]
fixed=[b for f in C for s,b in C[f] if s=='Fixed']
i=t.index('### Fixed')
head,rest=t[:i],t[i:]
rest=rest.rstrip()+'\n'+'\n'.join(wrap(b) for b in fixed)+'\n'
open('CHANGELOG.md','w').write(head+rest)
