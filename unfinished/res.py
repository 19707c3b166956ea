#!/usr/bin/env python3
"""Resolve conflicts of the index: normalise md tables, then word-level merges of conflict hunks; union for pure additions."""
import subprocess,sys,re,os,tempfile
def git(*a): return subprocess.run(['git',*a],capture_output=True,text=True).stdout
files=[l for l in git('diff','--name-only','--diff-filter=U').split('\n') if l]
def stage(n,f): return git('show',f':{n}:{f}')
def norm(t):
    out=[]
    for l in t.split('\n'):
        if l.startswith('|') and l.rstrip().endswith('|'):
            if re.fullmatch(r'[|\s:-]+',l): l=re.sub(r'-+','---',re.sub(r'\s+',' ',l))
            else: l=re.sub(r' {2,}',' ',l)
        out.append(l)
    return '\n'.join(out)
def merge(a,o,b,opts=()):
    d=tempfile.mkdtemp()
    for n,t in (('a',a),('o',o),('b',b)): open(f'{d}/{n}','w').write(t)
    r=subprocess.run(['git','merge-file','-p','--diff3',*opts,f'{d}/a',f'{d}/o',f'{d}/b'],capture_output=True,text=True)
    return r.returncode,r.stdout
def words(t): return '\n'.join(re.findall(r'\s+|\w+|[^\w\s]',t.replace('\n','\x01')))+'\n'
def unwords(t): return t[:-1].replace('\n','').replace('\x01','\n') if t else ''
left=[]
for f in files:
    a,o,b=stage(2,f),stage(1,f),stage(3,f)
    if not a or not b: left.append((f,'missing side')); continue
    if f.endswith('.md'): a,o,b=norm(a),norm(o),norm(b)
    code,t=merge(a,o,b)
    def fix(m):
        A,O,B=m.group(1),m.group(2),m.group(3)
        if O.strip()=='' :
            # additions on both sides
            al=A.split('\n'); bl=[l for l in B.split('\n') if not (l in al and l.startswith('import '))]
            return A+'\n'.join(bl) if B not in A else A
        c,w=merge(words(A),words(O),words(B))
        if c==0:
            return unwords(w)
        # line-level: rows that only one side has changed were merged; keep conflict
        left.append((f,A[:200]+'\n---\n'+B[:200]))
        return m.group(0)
    t=re.sub(r'<<<<<<< [^\n]*\n(.*?)\|\|\|\|\|\|\| [^\n]*\n(.*?)=======\n(.*?)>>>>>>> [^\n]*\n',fix,t,flags=re.S)
    open(f,'w').write(t)
    if '<<<<<<<' not in t: subprocess.run(['git','add',f]); print('resolved',f)
    else: print('LEFT',f)
for f,x in left: print('##',f,'\n',x[:700])
