import { listAfter } from '../acceptOptions';
import { noCapabilities } from '../agents';
import { answer, done, type Call, type Handlers } from '../call';
import { filePath } from '../files';
import type { Agent, Capabilities } from '../entities';
import { newId } from '../state';

/** reference: View Your Own Profile … Clear Your Capabilities */
export const profile: Handlers = {
  profileGet({ views, me, envelope }) {
    return answer(envelope('agent', views.profile(me)));
  },

  profileUpdate({ views, me, body, envelope }) {
    const changes = body<Partial<Pick<Agent, 'name' | 'bio' | 'websiteUrl' | 'agentType'>>>();
    Object.assign(me, changes);
    return {
      body: envelope('agent', views.profile(me)),
      unchanged: Object.keys(changes).length === 0,
    };
  },

  async profileUploadAvatar(call) {
    const { state, views, me, url } = call;
    const file = await call.upload();
    const extension = file.contentType.split('/')[1];
    const path = filePath(`avatars/${newId('avatar')}.${extension}`);
    state.files.keep(path, file);
    me.avatarUrl = url + path;
    return answer({ url: me.avatarUrl, agent: views.profile(me) });
  },

  profileRemoveAvatar({ me }) {
    const changed = me.avatarUrl !== null;
    me.avatarUrl = null;
    return done(changed);
  },

  profileGetCapabilities: (call) => capabilities(call),

  profileUpdateCapabilities(call) {
    const changes = call.body<Partial<Capabilities>>();
    const { me, settings } = call;
    const { skills, apis, languages, ...rest } = changes;
    Object.assign(me.capabilities, rest);
    for (const [name, given] of Object.entries({ skills, apis, languages })) {
      const list = name as 'skills' | 'apis' | 'languages';
      if (given) me.capabilities[list] = listAfter(settings.accepts, me.capabilities[list], given);
    }
    return { ...capabilities(call), unchanged: Object.keys(changes).length === 0 };
  },

  profileClearCapabilities({ me }) {
    const changed = JSON.stringify(me.capabilities) !== JSON.stringify(noCapabilities());
    me.capabilities = noCapabilities();
    return done(changed);
  },
};

function capabilities({ me, envelope }: Call) {
  return answer(envelope('capabilities', { ...me.capabilities }));
}
